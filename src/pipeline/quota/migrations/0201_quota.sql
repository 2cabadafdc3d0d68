-- Limits and budgets of single subjects. Amounts are nano-dollars, times nanoseconds since 1970; a
-- subject is its code (subject.h); what belongs to the installation has the tenant ''.

CREATE TABLE quota_budgets (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL,
  window_kind TEXT NOT NULL,
  zone TEXT NOT NULL,
  amount BIGINT NOT NULL,
  alert_ppm BIGINT NOT NULL,
  hard BIGINT NOT NULL,
  any_price BIGINT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (subject, window_kind)
);
CREATE INDEX quota_budgets_by_tenant ON quota_budgets (tenant, id);

-- Money beside a budget's amount: for the window that starts at window_start alone, for a prepaid
-- budget (window_start 0) for good.
CREATE TABLE quota_credits (
  id TEXT NOT NULL PRIMARY KEY,
  budget TEXT NOT NULL REFERENCES quota_budgets (id) ON DELETE CASCADE,
  window_start BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  note TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX quota_credits_by_budget ON quota_credits (budget, window_start);

CREATE TABLE quota_limits (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  subject TEXT NOT NULL UNIQUE,
  requests_per_minute BIGINT,
  requests_per_hour BIGINT,
  tokens_per_minute BIGINT,
  tokens_per_hour BIGINT,
  burst BIGINT,
  concurrent BIGINT,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX quota_limits_by_tenant ON quota_limits (tenant, id);

-- Grows with every change, so that other processes see that there is something to read.
CREATE TABLE quota_epoch (
  one BIGINT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL
);
INSERT INTO quota_epoch (one, number) VALUES (1, 0);
