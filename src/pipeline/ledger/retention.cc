#include "pipeline/ledger/retention.h"

#include <string>
#include <utility>

#include "pipeline/ledger/partitions.h"
#include "pipeline/ledger/row_filter.h"

namespace signalbox::ledger {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kRowsAtOnce = 2000;
constexpr auto kLeast = 24h;
constexpr auto kMost = 100 * 365 * 24h;

std::int64_t Seconds(core::WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

core::Result<std::uint64_t> Remove(store::Sql& sql, const store::Statement& statement,
                                   std::initializer_list<store::Param> params) {
  std::int64_t removed = 0;
  SB_CHECK_OK(sql.Write([&](store::Transaction& transaction) -> core::Status {
    SB_TRY(removed, transaction.Run(statement, params));
    return {};
  }));
  return static_cast<std::uint64_t>(removed);
}

}  // namespace

const config::Table<RetentionOptions>& RetentionTable() {
  static const auto table =
      config::Table<RetentionOptions>("retention", "How long what was written down is kept.")
          .Add("requests", &RetentionOptions::requests,
               {.doc = "Single calls; what they add up to is kept longer.",
                .min = kLeast,
                .max = kMost})
          .Add("minutes", &RetentionOptions::minutes,
               {.doc = "Usage per minute; also what finds a key's or user's single calls fastest.",
                .min = kLeast,
                .max = kMost})
          .Add("hours", &RetentionOptions::hours,
               {.doc = "Usage per hour; days of zones other than UTC are made up of them.",
                .min = kLeast,
                .max = kMost})
          .Add("days", &RetentionOptions::days,
               {.doc = "Usage per day; single calls are found by it, so not shorter than requests.",
                .min = kLeast,
                .max = kMost})
          .Add("audit", &RetentionOptions::audit,
               {.doc = "The audit trail.", .min = kLeast, .max = kMost})
          .Add("archive", &RetentionOptions::archive,
               {.doc = "The ledger's files, once the database has what is in them; ledger.keep "
                       "bounds their size beside it.",
                .min = kLeast,
                .max = kMost,
                .restart = true});
  return table;
}

Kept KeptAt(const RetentionOptions& options, core::WallTime now) {
  // To the next whole bucket: the first one may be removed half.
  return {.minutes_from = Seconds(now - options.minutes) + 60,
          .hours_from = Seconds(now - options.hours) + 3600};
}

core::Result<std::uint64_t> Retention::RemoveRequests(core::WallTime before) {
  SB_TRY(const std::uint64_t dropped, DropPartitions(sql_, DayOf(before)));
  if (dropped != 0) {
    return dropped;
  }
  const core::Uuid first = FirstIdAt(Seconds(before));
  const store::Bytes bound = std::as_bytes(std::span(first.bytes));
  if (sql_.engine() == store::Engine::kPostgres) {
    return Remove(sql_,
                  "DELETE FROM ledger_requests_rest WHERE (id, attempt) IN (SELECT id, attempt "
                  "FROM ledger_requests_rest WHERE id < $1 ORDER BY id, attempt LIMIT $2)",
                  {bound, kRowsAtOnce});
  }
  return Remove(sql_,
                "DELETE FROM ledger_requests WHERE (id, attempt) IN (SELECT id, attempt "
                "FROM ledger_requests WHERE id < $1 ORDER BY id, attempt LIMIT $2)",
                {bound, kRowsAtOnce});
}

core::Result<std::uint64_t> Retention::RemoveRollups(Grain grain, core::WallTime before) {
  for (std::size_t dimension = 0; dimension < kDimensions; ++dimension) {
    SB_TRY(const std::uint64_t removed,
           Remove(sql_,
                  "DELETE FROM usage_rollups WHERE grain = $1 AND dimension = $2 AND bucket <= "
                  "(SELECT MAX(bucket) FROM (SELECT bucket FROM usage_rollups WHERE grain = $1 "
                  "AND dimension = $2 AND bucket < $3 ORDER BY bucket LIMIT $4) AS first_ones)",
                  {static_cast<std::int64_t>(grain), static_cast<std::int64_t>(dimension),
                   BucketOf(before, grain), kRowsAtOnce}));
    if (removed != 0) {
      return removed;
    }
  }
  return 0;
}

core::Result<std::uint64_t> Retention::RemoveAudit(core::WallTime before) {
  for (std::string replica;;) {
    std::string next;
    SB_CHECK_OK(
        sql_.Query("SELECT replica FROM audit_trail WHERE replica > $1 ORDER BY replica LIMIT 1",
                   {std::string_view(replica)}, [&](const store::Row& row) {
                     next = row.Text(0);
                     return core::Status();
                   }));
    if (next.empty()) {
      return 0;
    }
    SB_TRY(const std::uint64_t removed, RemoveAuditOf(next, before));
    if (removed != 0) {
      return removed;
    }
    replica = std::move(next);
  }
}

// From a chain's begin on and never its last entry, so that what is left is a whole chain.
core::Result<std::uint64_t> Retention::RemoveAuditOf(std::string_view replica,
                                                     core::WallTime before) {
  std::int64_t last_old = -1;
  std::int64_t before_it = -1;
  bool young = false;
  SB_CHECK_OK(sql_.Query(
      "SELECT sequence, created_at FROM audit_trail WHERE replica = $1 ORDER BY sequence LIMIT $2",
      {replica, kRowsAtOnce}, [&](const store::Row& row) {
        young = young || row.Int(1) >= before.time_since_epoch().count();
        if (!young) {
          before_it = std::exchange(last_old, row.Int(0));
        }
        return core::Status();
      }));
  const std::int64_t old = young ? last_old : before_it;
  if (old < 0) {
    return 0;
  }
  return Remove(sql_, "DELETE FROM audit_trail WHERE replica = $1 AND sequence <= $2",
                {replica, old});
}

core::Result<Removed> Retention::Step(core::WallTime now) {
  Removed removed;
  SB_TRY(removed.requests, RemoveRequests(now - options_.requests));
  if (removed.requests != 0) {
    return removed;
  }
  SB_TRY(removed.rollups, RemoveRollups(Grain::kMinute, now - options_.minutes));
  if (removed.rollups == 0) {
    SB_TRY(removed.rollups, RemoveRollups(Grain::kHour, now - options_.hours));
  }
  if (removed.rollups == 0) {
    SB_TRY(removed.rollups, RemoveRollups(Grain::kDay, now - options_.days));
  }
  if (removed.rollups == 0) {
    SB_TRY(removed.audit, RemoveAudit(now - options_.audit));
  }
  return removed;
}

}  // namespace signalbox::ledger
