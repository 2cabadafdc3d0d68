-- What replicas share when there is no Redis. Times are milliseconds of the database's clock.
CREATE TABLE shared_accounts (
  account TEXT NOT NULL,
  period TEXT NOT NULL,
  settled BIGINT NOT NULL,
  life BIGINT NOT NULL,
  told BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  recovers_until BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (account, period)
);
CREATE INDEX shared_accounts_by_end ON shared_accounts (ends_at);

CREATE TABLE shared_holders (
  account TEXT NOT NULL,
  period TEXT NOT NULL,
  holder TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  held BIGINT NOT NULL,
  in_use BIGINT NOT NULL,
  booked BIGINT NOT NULL,
  uncertain BIGINT NOT NULL,
  lease_end BIGINT NOT NULL,
  silent BIGINT NOT NULL,
  PRIMARY KEY (account, period, holder)
);

CREATE TABLE shared_values (
  name TEXT PRIMARY KEY,
  value BYTEA NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX shared_values_by_end ON shared_values (ends_at);

CREATE TABLE shared_leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  token BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);

CREATE TABLE shared_channels (
  channel TEXT PRIMARY KEY,
  newest BIGINT NOT NULL
);

CREATE TABLE shared_messages (
  channel TEXT NOT NULL,
  number BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (channel, number)
);
