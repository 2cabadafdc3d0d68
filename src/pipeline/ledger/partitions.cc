#include "pipeline/ledger/partitions.h"

#include <charconv>
#include <set>
#include <string_view>

#include "base/telemetry/log.h"

namespace signalbox::ledger {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

// Ids begin with 48 bits of milliseconds.
#define SB_FIRST_ID(day) \
  "decode(lpad(to_hex(" day "::bigint * 86400000), 12, '0') || repeat('0', 20), 'hex')"

constexpr store::Statement kMake =
    "CREATE TABLE ledger_requests_{number} PARTITION OF ledger_requests "
    "FOR VALUES FROM (" SB_FIRST_ID("{number}") ") TO (" SB_FIRST_ID("({number} + 1)") ")";

constexpr std::string_view kPrefix = "ledger_requests_";

core::Result<std::set<std::int64_t>> Days(store::Sql& sql) {
  std::set<std::int64_t> days;
  SB_CHECK_OK(sql.Query(
      "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'ledger_requests'::regclass",
      {}, [&](const store::Row& row) {
        const std::string_view name = row.Text(0);
        std::int64_t day = 0;
        if (name.starts_with(kPrefix) &&
            std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), day).ec ==
                std::errc()) {
          days.insert(day);
        }
        return core::Status();
      }));
  return days;
}

core::Status Do(store::Sql& sql, const store::Statement& statement) {
  return sql.Write([&](store::Transaction& transaction) -> core::Status {
    SB_CHECK_OK(transaction.Run("SET LOCAL lock_timeout = '1s'", {}));
    SB_CHECK_OK(transaction.Run(statement, {}));
    return {};
  });
}

}  // namespace

std::int64_t DayOf(core::WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return seconds / kSecondsPerDay - (seconds % kSecondsPerDay < 0 ? 1 : 0);
}

core::Status MakePartitions(store::Sql& sql, std::int64_t first, std::int64_t last) {
  if (sql.engine() != store::Engine::kPostgres) {
    return {};
  }
  SB_TRY(const auto there, Days(sql));
  for (std::int64_t day = std::max<std::int64_t>(first, 0); day <= last; ++day) {
    if (there.contains(day)) {
      continue;
    }
    auto made = Do(sql, kMake.Of(static_cast<std::uint64_t>(day)));
    if (made) {
      continue;
    }
    SB_TRY(const auto now_there, Days(sql));
    if (!now_there.contains(day)) {  // nor made by another replica
      telemetry::Log(telemetry::Level::kWarn,
                     "cannot make a day's part of the ledger; its rows go into the rest",
                     {{"day", day}, {"reason", made.error().message}});
    }
  }
  return {};
}

core::Result<std::uint64_t> DropPartitions(store::Sql& sql, std::int64_t day) {
  if (sql.engine() != store::Engine::kPostgres) {
    return 0;
  }
  SB_TRY(const auto there, Days(sql));
  std::uint64_t dropped = 0;
  for (auto old = there.begin(); old != there.end() && *old < day; ++old) {
    SB_CHECK_OK(Do(sql, store::Statement("DROP TABLE ledger_requests_{number}")
                            .Of(static_cast<std::uint64_t>(*old))));
    ++dropped;
  }
  return dropped;
}

}  // namespace signalbox::ledger
