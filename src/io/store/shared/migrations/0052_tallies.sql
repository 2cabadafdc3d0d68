-- What each replica has counted, by name. There is no index on ends_at: rows are written several
-- times a second, and PostgreSQL writes one in its place only where no index names what changes.
CREATE TABLE shared_tallies (
  name TEXT NOT NULL,
  teller TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (name, teller)
);
