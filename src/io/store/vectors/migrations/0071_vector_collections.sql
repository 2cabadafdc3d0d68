-- Collections of vectors. `kept` says where their rows are: 'rows' or 'pgvector'.
CREATE TABLE vector_collections (
  number BIGINT PRIMARY KEY,
  kept TEXT NOT NULL,
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  dimension BIGINT NOT NULL,
  metric TEXT NOT NULL,
  changes BIGINT NOT NULL,
  swept BIGINT NOT NULL,
  UNIQUE (kept, scope, name)
);
