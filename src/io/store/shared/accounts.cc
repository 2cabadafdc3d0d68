#include "io/store/shared/accounts.h"

#include <map>

#include "io/store/account.h"

namespace signalbox::store {
namespace {

// Until when an account is kept that is kept always.
constexpr std::int64_t kAlways = INT64_MAX;

struct Loaded {
  AccountBook book;
  AccountBook before;  // as the database has it
  std::int64_t ends_at = kAlways;
};

using Accounts = std::map<AccountName, Loaded>;

void ReadAccount(const Row& row, Loaded& loaded) {
  loaded.book.settled = row.Int(0);
  loaded.book.life = row.Int(1);
  loaded.book.told = row.Int(2);
  loaded.book.told_at = row.Int(3);
  loaded.book.recovers_until = row.Int(4);
  loaded.ends_at = row.Int(5);
}

// Makes the row when it is not there, and keeps it to this transaction in any case.
core::Status Lock(Transaction& transaction, const AccountName& name, Loaded& loaded) {
  return transaction.Query(
      "INSERT INTO shared_accounts "
      "(account, period, settled, life, told, told_at, recovers_until, ends_at) "
      "VALUES ($1, $2, 0, 0, 0, 0, 0, 9223372036854775807) "
      "ON CONFLICT (account, period) DO UPDATE SET settled = shared_accounts.settled "
      "RETURNING settled, life, told, told_at, recovers_until, ends_at",
      {std::string_view(name.account), std::string_view(name.window)},
      [&loaded](const Row& row) -> core::Status {
        ReadAccount(row, loaded);
        return {};
      });
}

core::Status ReadHolders(Reader& reader, const AccountName& name, AccountBook& book) {
  return reader.Query(
      "SELECT holder, sequence, held, in_use, booked, uncertain, lease_end, silent "
      "FROM shared_holders WHERE account = $1 AND period = $2",
      {std::string_view(name.account), std::string_view(name.window)},
      [&book](const Row& row) -> core::Status {
        book.holders[std::string(row.Text(0))] = {.sequence = row.Int(1),
                                                  .held = row.Int(2),
                                                  .in_use = row.Int(3),
                                                  .booked = row.Int(4),
                                                  .uncertain = row.Int(5),
                                                  .lease_end = row.Int(6),
                                                  .silent = row.Int(7) != 0};
        return {};
      });
}

core::Status WriteAccount(Transaction& transaction, const AccountName& name, const Loaded& loaded) {
  const AccountBook& book = loaded.book;
  SB_CHECK_OK(transaction.Run(
      "UPDATE shared_accounts SET settled = $3, life = $4, told = $5, told_at = $6, "
      "recovers_until = $7, ends_at = $8 WHERE account = $1 AND period = $2",
      {std::string_view(name.account), std::string_view(name.window), book.settled, book.life,
       book.told, book.told_at, book.recovers_until, loaded.ends_at}));
  return {};
}

core::Status WriteHolder(Transaction& transaction, const AccountName& name, std::string_view who,
                         const HolderBook& holder) {
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO shared_holders (account, period, holder, sequence, held, in_use, booked, "
      "uncertain, lease_end, silent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (account, period, holder) DO UPDATE SET sequence = $4, held = $5, in_use = $6, "
      "booked = $7, uncertain = $8, lease_end = $9, silent = $10",
      {std::string_view(name.account), std::string_view(name.window), who, holder.sequence,
       holder.held, holder.in_use, holder.booked, holder.uncertain, holder.lease_end,
       std::int64_t{holder.silent}}));
  return {};
}

core::Status WriteBack(Transaction& transaction, const AccountName& name, const Loaded& loaded) {
  SB_CHECK_OK(WriteAccount(transaction, name, loaded));
  for (const auto& [who, holder] : loaded.book.holders) {
    const auto was = loaded.before.holders.find(who);
    if (was == loaded.before.holders.end() || was->second != holder) {
      SB_CHECK_OK(WriteHolder(transaction, name, who, holder));
    }
  }
  for (const auto& [who, holder] : loaded.before.holders) {
    if (!loaded.book.holders.contains(who)) {
      SB_CHECK_OK(transaction.Run(
          "DELETE FROM shared_holders WHERE account = $1 AND period = $2 AND holder = $3",
          {std::string_view(name.account), std::string_view(name.window), std::string_view(who)}));
    }
  }
  return {};
}

// In the order of the names, so that two batches do not wait for each other.
core::Status LockAll(Transaction& transaction, std::span<const Draw> draws, Accounts& accounts) {
  for (const Draw& draw : draws) {
    accounts[draw.name];
  }
  for (auto& [name, loaded] : accounts) {
    SB_CHECK_OK(Lock(transaction, name, loaded));
    SB_CHECK_OK(ReadHolders(transaction, name, loaded.book));
    loaded.before = loaded.book;
  }
  return {};
}

}  // namespace

core::Result<std::int64_t> ReadClock(Reader& reader, Engine engine) {
  std::int64_t now = 0;
  const VisitRow visit = [&now](const Row& row) -> core::Status {
    now = row.Int(0);
    return {};
  };
  if (engine == Engine::kSqlite) {
    SB_CHECK_OK(reader.Query(
        "SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)", {}, visit));
  } else {
    SB_CHECK_OK(reader.Query("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
                             {}, visit));
  }
  return now;
}

core::Status DrawIn(Transaction& transaction, std::span<const Draw> draws, std::int64_t life,
                    std::vector<core::Result<Slice>>& slices) {
  slices.clear();
  Accounts accounts;
  SB_CHECK_OK(LockAll(transaction, draws, accounts));
  SB_TRY(const std::int64_t now, ReadClock(transaction, transaction.engine()));
  for (const Draw& draw : draws) {
    Loaded& loaded = accounts[draw.name];
    if (loaded.ends_at <= now) {
      loaded.book = {};
    }
    loaded.ends_at = draw.keep.count() == 0 ? kAlways : now + draw.keep.count();
    slices.push_back(Apply(loaded.book, draw, now, life));
    life = life % kMostAmount + 1;
  }
  for (const auto& [name, loaded] : accounts) {
    SB_CHECK_OK(WriteBack(transaction, name, loaded));
  }
  return {};
}

core::Result<std::vector<Standing>> PeekIn(Sql& sql, std::span<const AccountName> names) {
  SB_TRY(const std::int64_t now, ReadClock(sql, sql.engine()));
  std::vector<Standing> standings;
  for (const AccountName& name : names) {
    Loaded loaded{.ends_at = 0};
    SB_CHECK_OK(sql.Query(
        "SELECT settled, life, told, told_at, recovers_until, ends_at FROM shared_accounts "
        "WHERE account = $1 AND period = $2",
        {std::string_view(name.account), std::string_view(name.window)},
        [&loaded](const Row& row) -> core::Status {
          ReadAccount(row, loaded);
          return {};
        }));
    if (loaded.ends_at > now) {
      SB_CHECK_OK(ReadHolders(sql, name, loaded.book));
    }
    standings.push_back(loaded.ends_at > now ? StandingOf(loaded.book, now) : Standing{});
  }
  return standings;
}

}  // namespace signalbox::store
