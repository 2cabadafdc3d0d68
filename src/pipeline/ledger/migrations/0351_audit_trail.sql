-- Who changed what: a chain of rows per replica, each with the hash of the one before. Rows are
-- added and, when they are older than is kept, removed; they are never changed.
CREATE TABLE audit_trail (
  replica TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  action TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  resource_name TEXT NOT NULL,
  details TEXT NOT NULL,
  severity BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  previous BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (replica, sequence)
);
CREATE INDEX audit_trail_by_time ON audit_trail (created_at);
CREATE INDEX audit_trail_by_entity ON audit_trail (entity_id, created_at);

-- only sqlite
CREATE TRIGGER audit_trail_stays BEFORE UPDATE ON audit_trail BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
-- both
-- only postgres
CREATE FUNCTION audit_trail_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is never changed'; END $$;
CREATE TRIGGER audit_trail_stays BEFORE UPDATE ON audit_trail FOR EACH ROW EXECUTE FUNCTION audit_trail_stays();
-- both
