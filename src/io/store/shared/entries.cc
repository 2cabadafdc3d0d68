#include "io/store/shared/entries.h"

#include <algorithm>

#include "io/store/shared/accounts.h"

namespace signalbox::store {
namespace {

Bytes AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t EndAfter(std::int64_t now, Shared::Millis ttl) {
  return ttl.count() == 0 ? INT64_MAX : now + ttl.count();
}

core::Status Write(Transaction& transaction, std::string_view key, std::string_view value,
                   std::int64_t ends_at) {
  SB_CHECK_OK(
      transaction.Run("INSERT INTO shared_values (name, value, ends_at) VALUES ($1, $2, $3) "
                      "ON CONFLICT (name) DO UPDATE SET value = $2, ends_at = $3",
                      {key, AsBytes(value), ends_at}));
  return {};
}

struct Value {
  std::string text;
  std::int64_t ends_at = 0;
};

// The value's row, kept to this transaction, made as one that has ended when it is not there.
core::Result<Value> LockValue(Transaction& transaction, std::string_view key) {
  Value value;
  SB_CHECK_OK(transaction.Query(
      "INSERT INTO shared_values (name, value, ends_at) VALUES ($1, $2, 0) "
      "ON CONFLICT (name) DO UPDATE SET ends_at = shared_values.ends_at RETURNING value, ends_at",
      {key, AsBytes("")}, [&value](const Row& row) -> core::Status {
        value = {std::string(AsText(row.Bytes(0))), row.Int(1)};
        return {};
      }));
  return value;
}

struct Owner {
  std::string holder;
  std::int64_t token = 0;
  std::int64_t ends_at = 0;
};

core::Result<Owner> LockLease(Transaction& transaction, std::string_view name) {
  Owner owner;
  SB_CHECK_OK(transaction.Query(
      "INSERT INTO shared_leases (name, holder, token, ends_at) VALUES ($1, '', 0, 0) "
      "ON CONFLICT (name) DO UPDATE SET token = shared_leases.token "
      "RETURNING holder, token, ends_at",
      {name}, [&owner](const Row& row) -> core::Status {
        owner = {std::string(row.Text(0)), row.Int(1), row.Int(2)};
        return {};
      }));
  return owner;
}

core::Status WriteLease(Transaction& transaction, std::string_view name, const Owner& owner) {
  SB_CHECK_OK(transaction.Run(
      "UPDATE shared_leases SET holder = $2, token = $3, ends_at = $4 WHERE name = $1",
      {name, std::string_view(owner.holder), owner.token, owner.ends_at}));
  return {};
}

}  // namespace

core::Result<std::optional<std::string>> GetIn(Sql& sql, std::string_view key) {
  SB_TRY(const std::int64_t now, ReadClock(sql, sql.engine()));
  std::optional<std::string> value;
  SB_CHECK_OK(sql.Query("SELECT value FROM shared_values WHERE name = $1 AND ends_at > $2",
                        {key, now}, [&value](const Row& row) -> core::Status {
                          value = AsText(row.Bytes(0));
                          return {};
                        }));
  return value;
}

core::Status SetIn(Transaction& transaction, std::string_view key, std::string_view value,
                   Shared::Millis ttl) {
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  return Write(transaction, key, value, EndAfter(now, ttl));
}

core::Result<bool> DeleteIn(Transaction& transaction, std::string_view key) {
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  bool there = false;
  SB_CHECK_OK(transaction.Query("DELETE FROM shared_values WHERE name = $1 RETURNING ends_at",
                                {key}, [&there, now](const Row& row) -> core::Status {
                                  there = row.Int(0) > now;
                                  return {};
                                }));
  return there;
}

core::Result<bool> CompareAndSetIn(Transaction& transaction, std::string_view key,
                                   const std::optional<std::string>& expected,
                                   std::string_view value, Shared::Millis ttl) {
  SB_TRY(const Value there, LockValue(transaction, key));
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  const bool alive = there.ends_at > now;
  const bool as_expected = expected ? alive && there.text == *expected : !alive;
  if (as_expected) {
    SB_CHECK_OK(Write(transaction, key, value, EndAfter(now, ttl)));
  }
  return as_expected;
}

core::Result<std::optional<Lease>> AcquireIn(Transaction& transaction, std::string_view name,
                                             std::string_view holder, Shared::Millis ttl) {
  SB_TRY(Owner owner, LockLease(transaction, name));
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  if (owner.ends_at > now && owner.holder != holder) {
    return std::nullopt;
  }
  if (owner.ends_at <= now) {
    owner.token = NextToken(owner.token, now);
  }
  owner.holder = holder;
  owner.ends_at = now + ttl.count();
  SB_CHECK_OK(WriteLease(transaction, name, owner));
  return Lease{owner.token, ttl};
}

core::Result<bool> ReleaseIn(Transaction& transaction, std::string_view name,
                             std::string_view holder) {
  SB_TRY(Owner owner, LockLease(transaction, name));
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  const bool owned = owner.ends_at > now && owner.holder == holder;
  if (owned) {
    owner.ends_at = 0;
    SB_CHECK_OK(WriteLease(transaction, name, owner));
  }
  return owned;
}

// The channel's row is kept until the message is there: so numbers come to be seen in their order.
core::Status PublishIn(Transaction& transaction, std::string_view channel, std::string_view text) {
  std::int64_t newest = 0;
  SB_CHECK_OK(transaction.Query(
      "INSERT INTO shared_channels (channel, newest) VALUES ($1, 0) "
      "ON CONFLICT (channel) DO UPDATE SET newest = shared_channels.newest RETURNING newest",
      {channel}, [&newest](const Row& row) -> core::Status {
        newest = row.Int(0);
        return {};
      }));
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  newest = NextToken(newest, now);
  SB_CHECK_OK(transaction.Run("UPDATE shared_channels SET newest = $2 WHERE channel = $1",
                              {channel, newest}));
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO shared_messages (channel, number, sent_at, body) VALUES ($1, $2, $3, $4)",
      {channel, newest, now, AsBytes(text)}));
  SB_CHECK_OK(transaction.Run("DELETE FROM shared_messages WHERE channel = $1 AND sent_at <= $2",
                              {channel, now - kMessageKept.count()}));
  return {};
}

core::Result<News> NewsIn(Sql& sql, std::string_view channel, std::optional<std::int64_t> heard) {
  News news;
  SB_CHECK_OK(sql.Query("SELECT newest FROM shared_channels WHERE channel = $1", {channel},
                        [&news](const Row& row) -> core::Status {
                          news.newest = row.Int(0);
                          return {};
                        }));
  news.gap = !heard || news.newest < *heard;  // smaller: the table was emptied
  if (news.gap || news.newest == *heard) {
    return news;
  }
  SB_CHECK_OK(sql.Query(
      "SELECT number, body FROM shared_messages WHERE channel = $1 AND number > $2 ORDER BY number",
      {channel, *heard}, [&news](const Row& row) -> core::Status {
        news.newest = std::max(news.newest, row.Int(0));
        news.texts.emplace_back(AsText(row.Bytes(1)));
        return {};
      }));
  return news;
}

core::Status SweepIn(Transaction& transaction) {
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  std::vector<std::pair<std::string, std::string>> ended;
  SB_CHECK_OK(
      transaction.Query("DELETE FROM shared_accounts WHERE ends_at <= $1 RETURNING account, period",
                        {now}, [&ended](const Row& row) -> core::Status {
                          ended.emplace_back(row.Text(0), row.Text(1));
                          return {};
                        }));
  for (const auto& [account, period] : ended) {
    SB_CHECK_OK(transaction.Run("DELETE FROM shared_holders WHERE account = $1 AND period = $2",
                                {std::string_view(account), std::string_view(period)}));
  }
  SB_CHECK_OK(transaction.Run("DELETE FROM shared_values WHERE ends_at <= $1", {now}));
  SB_CHECK_OK(transaction.Run("DELETE FROM shared_tallies WHERE ends_at <= $1", {now}));
  // The next token comes from the clock, which is past this one by then.
  SB_CHECK_OK(transaction.Run("DELETE FROM shared_leases WHERE ends_at <= $1", {now - 60'000}));
  return {};
}

}  // namespace signalbox::store
