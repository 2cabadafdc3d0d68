-- Data keys, wrapped by the master key: one row with all of them, as vault/key_set_json.h has it.
CREATE TABLE data_keys (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  revision BIGINT NOT NULL,
  keys TEXT NOT NULL
);
