-- Sums over ledger_requests per minute (grain 0), hour (1) and day (2) of the requests' arrival, for
-- each value of each dimension (dimension.h). `bucket` is its first second since 1970; l0..l23 count
-- successful calls by latency (totals.h). The index finds the buckets of one value; an update never
-- touches it.
CREATE TABLE usage_rollups (
  grain BIGINT NOT NULL,
  dimension BIGINT NOT NULL,
  bucket BIGINT NOT NULL,
  tenant_id TEXT NOT NULL,
  value TEXT NOT NULL,
  requests BIGINT NOT NULL,
  calls BIGINT NOT NULL,
  successes BIGINT NOT NULL,
  uncertain BIGINT NOT NULL,
  cached_calls BIGINT NOT NULL,
  input_tokens BIGINT NOT NULL,
  output_tokens BIGINT NOT NULL,
  cached_tokens BIGINT NOT NULL,
  reasoning_tokens BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  audio_tokens BIGINT NOT NULL,
  image_tokens BIGINT NOT NULL,
  images BIGINT NOT NULL,
  searches BIGINT NOT NULL,
  cost_nano_usd BIGINT NOT NULL,
  uncertain_nano_usd BIGINT NOT NULL,
  saved_nano_usd BIGINT NOT NULL,
  latency_us BIGINT NOT NULL,
  first_byte_us BIGINT NOT NULL,
  l0 BIGINT NOT NULL,
  l1 BIGINT NOT NULL,
  l2 BIGINT NOT NULL,
  l3 BIGINT NOT NULL,
  l4 BIGINT NOT NULL,
  l5 BIGINT NOT NULL,
  l6 BIGINT NOT NULL,
  l7 BIGINT NOT NULL,
  l8 BIGINT NOT NULL,
  l9 BIGINT NOT NULL,
  l10 BIGINT NOT NULL,
  l11 BIGINT NOT NULL,
  l12 BIGINT NOT NULL,
  l13 BIGINT NOT NULL,
  l14 BIGINT NOT NULL,
  l15 BIGINT NOT NULL,
  l16 BIGINT NOT NULL,
  l17 BIGINT NOT NULL,
  l18 BIGINT NOT NULL,
  l19 BIGINT NOT NULL,
  l20 BIGINT NOT NULL,
  l21 BIGINT NOT NULL,
  l22 BIGINT NOT NULL,
  l23 BIGINT NOT NULL,
  PRIMARY KEY (grain, dimension, bucket, tenant_id, value)
)
-- only sqlite
WITHOUT ROWID;
-- both
-- only postgres
WITH (fillfactor = 70);
-- both
CREATE INDEX usage_rollups_by_value ON usage_rollups (grain, dimension, value, bucket);
