-- What calls used, cost and how they ended: a row per settled attempt, in the order of arrival,
-- because a request's id begins with its time. Numbers of operation, outcome and usage_source as in
-- record.h; times in nanoseconds since 1970; NULL is `not known` or `none`.
CREATE TABLE ledger_requests (
  id BYTEA NOT NULL,
  attempt BIGINT NOT NULL,
  tenant_id BYTEA,
  key_id BYTEA,
  user_id BYTEA,
  team_id BYTEA,
  project_id BYTEA,
  principal TEXT,
  end_user TEXT,
  agent TEXT,
  session TEXT,
  task TEXT,
  feature TEXT,
  category TEXT,
  activity TEXT,
  tags TEXT,
  settled_at BIGINT NOT NULL,
  operation BIGINT NOT NULL,
  streamed BIGINT NOT NULL,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  outcome BIGINT NOT NULL,
  status BIGINT NOT NULL,
  input_tokens BIGINT,
  output_tokens BIGINT,
  cached_tokens BIGINT,
  reasoning_tokens BIGINT,
  cache_write_tokens BIGINT,
  cache_write_hour_tokens BIGINT,
  audio_input_tokens BIGINT,
  audio_cached_tokens BIGINT,
  audio_output_tokens BIGINT,
  image_input_tokens BIGINT,
  image_output_tokens BIGINT,
  citation_tokens BIGINT,
  images BIGINT,
  input_milliseconds BIGINT,
  output_milliseconds BIGINT,
  characters BIGINT,
  searches BIGINT,
  search_size BIGINT NOT NULL,
  usage_source BIGINT NOT NULL,
  cost_nano_usd BIGINT,
  cost_stated BIGINT NOT NULL,
  reserved_nano_usd BIGINT NOT NULL,
  request_bytes BIGINT NOT NULL,
  answer_bytes BIGINT NOT NULL,
  first_byte_us BIGINT NOT NULL,
  total_us BIGINT NOT NULL,
  archive TEXT NOT NULL,
  cached BIGINT NOT NULL DEFAULT 0,
  saved_nano_usd BIGINT,
  decision_id BYTEA,
  reconciled_at BIGINT,
  PRIMARY KEY (id, attempt)
)
-- only sqlite
WITHOUT ROWID;
-- both
-- only postgres
PARTITION BY RANGE (id);
CREATE TABLE ledger_requests_rest PARTITION OF ledger_requests DEFAULT;
-- both

-- How far each archive has been shipped.
CREATE TABLE ledger_cursors (
  archive TEXT PRIMARY KEY,
  segment BIGINT NOT NULL,
  position BIGINT NOT NULL,
  shipped BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
