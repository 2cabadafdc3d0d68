-- Vectors as bytes (float32, little endian). A row that was deleted has neither vector nor metadata
-- and stays until the last thousand changes have gone by.
CREATE TABLE vector_rows (
  collection BIGINT NOT NULL,
  id TEXT NOT NULL,
  change BIGINT NOT NULL,
  vector BYTEA,
  metadata TEXT,
  PRIMARY KEY (collection, id)
);
CREATE INDEX vector_rows_by_change ON vector_rows (collection, change);
CREATE INDEX vector_rows_deleted ON vector_rows (collection, change) WHERE vector IS NULL;
