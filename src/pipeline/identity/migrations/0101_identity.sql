-- Who may use the gateway. Times are nanoseconds since 1970, ids their text, lists one item a line.
-- What belongs to the installation and not to a tenant has the tenant ''.

CREATE TABLE identity_tenants (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  active BIGINT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE identity_users (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES identity_tenants (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  role BIGINT NOT NULL,
  active BIGINT NOT NULL,
  issuer TEXT,
  subject TEXT,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (tenant, id),
  UNIQUE (tenant, issuer, subject)
);

CREATE TABLE identity_teams (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES identity_tenants (id),
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (tenant, id),
  UNIQUE (tenant, name)
);

CREATE TABLE identity_projects (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL REFERENCES identity_tenants (id),
  team TEXT,
  name TEXT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (tenant, id),
  UNIQUE (tenant, name),
  FOREIGN KEY (tenant, team) REFERENCES identity_teams (tenant, id)
);

CREATE TABLE identity_members (
  tenant TEXT NOT NULL,
  team TEXT NOT NULL,
  member TEXT NOT NULL,
  role BIGINT NOT NULL,
  PRIMARY KEY (tenant, team, member),
  FOREIGN KEY (tenant, team) REFERENCES identity_teams (tenant, id),
  FOREIGN KEY (tenant, member) REFERENCES identity_users (tenant, id)
);
CREATE INDEX identity_members_by_member ON identity_members (tenant, member);

CREATE TABLE identity_keys (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  hash BYTEA NOT NULL,
  hint TEXT NOT NULL,
  old_hash BYTEA,
  old_until BIGINT,
  role BIGINT NOT NULL,
  models TEXT NOT NULL,
  providers TEXT NOT NULL,
  dialects TEXT NOT NULL,
  privacy BIGINT NOT NULL,
  expires BIGINT,
  owner TEXT,
  team TEXT,
  project TEXT,
  tags TEXT NOT NULL,
  metadata TEXT NOT NULL,
  revoked BIGINT,
  last_used BIGINT,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (tenant, id),
  FOREIGN KEY (tenant, owner) REFERENCES identity_users (tenant, id),
  FOREIGN KEY (tenant, team) REFERENCES identity_teams (tenant, id),
  FOREIGN KEY (tenant, project) REFERENCES identity_projects (tenant, id)
);
CREATE INDEX identity_keys_by_owner ON identity_keys (tenant, owner);
CREATE INDEX identity_keys_by_team ON identity_keys (tenant, team);
CREATE INDEX identity_keys_by_project ON identity_keys (tenant, project);

-- What changed, in the order of its commits, for processes that keep it in memory.
CREATE TABLE identity_changes (
  number BIGINT NOT NULL PRIMARY KEY,
  kind BIGINT NOT NULL,
  id TEXT NOT NULL
);

-- Single numbers and ids: the number of the last change, the tenant that is meant when none is
-- named, the first key, and whether credentials have been asked for since.
CREATE TABLE identity_facts (
  name TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  value TEXT NOT NULL
);
INSERT INTO identity_facts (name, number, value) VALUES ('changes', 0, '');
