-- The ledger as reports want to read it: names for numbers, dollars for nano-dollars.
-- only sqlite
CREATE VIEW ai_analytics AS SELECT
  'req_' || lower(hex(id)) AS request_id,
  attempt,
  model AS model_name,
  provider,
  COALESCE(input_tokens, 0) + COALESCE(output_tokens, 0) AS tokens_used,
  input_tokens,
  output_tokens,
  cost_nano_usd / 1e9 AS estimated_cost_usd,
  total_us / 1e3 AS latency_ms,
  CASE outcome WHEN 1 THEN 'ok' WHEN 2 THEN 'failed' WHEN 3 THEN 'cancelled' ELSE 'uncertain' END
    AS outcome,
  outcome = 1 AS success,
  CASE WHEN tenant_id IS NULL THEN NULL ELSE 'tenant_' || lower(hex(tenant_id)) END AS tenant_id,
  CASE WHEN key_id IS NULL THEN NULL ELSE 'key_' || lower(hex(key_id)) END AS key_id,
  CASE WHEN user_id IS NULL THEN NULL ELSE 'user_' || lower(hex(user_id)) END AS user_id,
  agent,
  task,
  feature,
  category,
  activity,
  tags,
  strftime('%Y-%m-%dT%H:%M:%fZ', settled_at / 1e9, 'unixepoch') AS created_at
FROM ledger_requests;
-- both
-- only postgres
CREATE VIEW ai_analytics AS SELECT
  'req_' || encode(id, 'hex') AS request_id,
  attempt,
  model AS model_name,
  provider,
  COALESCE(input_tokens, 0) + COALESCE(output_tokens, 0) AS tokens_used,
  input_tokens,
  output_tokens,
  cost_nano_usd / 1e9 AS estimated_cost_usd,
  total_us / 1e3 AS latency_ms,
  CASE outcome WHEN 1 THEN 'ok' WHEN 2 THEN 'failed' WHEN 3 THEN 'cancelled' ELSE 'uncertain' END
    AS outcome,
  outcome = 1 AS success,
  'tenant_' || encode(tenant_id, 'hex') AS tenant_id,
  'key_' || encode(key_id, 'hex') AS key_id,
  'user_' || encode(user_id, 'hex') AS user_id,
  agent,
  task,
  feature,
  category,
  activity,
  tags,
  to_timestamp(settled_at / 1e9) AS created_at
FROM ledger_requests;
-- both
