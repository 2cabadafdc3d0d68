#include "pipeline/ledger/erasure.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "pipeline/ledger/rollup_rows.h"

namespace signalbox::ledger {
namespace {

using core::ErrorCode;

constexpr std::size_t kRowsAtOnce = 500;

store::Statement StatementOf(Dimension kind) {
  switch (kind) {
    case Dimension::kKey:
      return "UPDATE ledger_requests SET key_id = NULL, principal = NULL "
             "WHERE id = $1 AND attempt = $2";
    case Dimension::kUser:
      return "UPDATE ledger_requests SET user_id = NULL, principal = NULL "
             "WHERE id = $1 AND attempt = $2";
    default:
      return "UPDATE ledger_requests SET end_user = NULL, session = NULL "
             "WHERE id = $1 AND attempt = $2";
  }
}

core::Status EraseCalls(store::Sql& sql, const std::vector<RequestCursor>& calls, Dimension kind) {
  return sql.Write([&](store::Transaction& transaction) -> core::Status {
    const store::Statement statement = StatementOf(kind);
    for (const RequestCursor& call : calls) {
      SB_CHECK_OK(transaction.Run(statement, {std::as_bytes(std::span(call.request.uuid.bytes)),
                                              std::int64_t{call.attempt}}));
    }
    return {};
  });
}

#define SB_ERASE_SUMS(index)                                                                     \
  "DELETE FROM usage_rollups" index                                                              \
  " WHERE grain = $1 AND dimension = $2 AND value = $3 AND bucket <= (SELECT MAX(bucket) FROM (" \
  "SELECT bucket FROM usage_rollups" index                                                       \
  " WHERE grain = $1 AND dimension = $2 AND value = $3 "                                         \
  "AND ($4 IS NULL OR tenant_id = $4) ORDER BY bucket LIMIT $5) AS first_ones) "                 \
  "AND ($4 IS NULL OR tenant_id = $4)"
constexpr store::Statement kEraseSums = SB_ERASE_SUMS("");
constexpr store::Statement kEraseSumsByIndex = SB_ERASE_SUMS(SB_BY_VALUE);

core::Result<std::uint64_t> EraseSums(store::Sql& sql, const Subject& subject) {
  const std::string tenant = subject.scope.tenant ? subject.scope.tenant->Text() : std::string();
  const store::Param only =
      subject.scope.tenant ? store::Param(std::string_view(tenant)) : store::Param();
  const store::Statement erase =
      sql.engine() == store::Engine::kSqlite ? kEraseSumsByIndex : kEraseSums;
  std::uint64_t all = 0;
  for (const Grain grain : {Grain::kMinute, Grain::kHour, Grain::kDay}) {
    for (std::int64_t removed = 1; removed != 0;) {
      SB_CHECK_OK(sql.Write([&](store::Transaction& transaction) -> core::Status {
        SB_TRY(removed, transaction.Run(erase, {static_cast<std::int64_t>(grain),
                                                static_cast<std::int64_t>(subject.kind),
                                                std::string_view(subject.value), only,
                                                static_cast<std::int64_t>(kRowsAtOnce)}));
        return {};
      }));
      all += static_cast<std::uint64_t>(removed);
    }
  }
  return all;
}

}  // namespace

core::Result<RequestFilter> FilterOf(const Subject& subject) {
  RequestFilter filter;
  if (subject.kind == Dimension::kEndUser && !subject.value.empty()) {
    filter.labels.end_user = subject.value;
    return filter;
  }
  if (subject.kind == Dimension::kUser) {
    if (const auto user = request::UserId::Parse(subject.value)) {
      filter.parties.user = *user;
      return filter;
    }
  }
  if (subject.kind == Dimension::kKey) {
    if (const auto key = request::KeyId::Parse(subject.value)) {
      filter.parties.key = *key;
      return filter;
    }
  }
  return core::Fail(ErrorCode::kInvalidRequest,
                    "a subject is a key's id, a user's id, or the name of an end user", "subject");
}

core::Result<Erased> Erase(store::Sql& sql, const Subject& subject, core::WallTime now,
                           const ErasureTurn& turn) {
  SB_TRY(const RequestFilter filter, FilterOf(subject));
  const auto end = std::chrono::ceil<std::chrono::seconds>(now + std::chrono::hours(24));
  RequestQuery query{.scope = subject.scope,
                     .period = {0, end.time_since_epoch().count()},
                     .filter = filter,
                     .after = turn.after,
                     .most = kRowsAtOnce};
  const core::MonoTime until = turn.time ? core::MonoNow() + *turn.time : core::kNever;
  query.time = std::min(query.time, turn.time.value_or(query.time));
  // Days are kept longest, so that every call is found by them.
  query.kept.hours_from = query.kept.minutes_from = std::numeric_limits<std::int64_t>::max();
  Erased erased;
  for (bool more = true; more;) {
    std::vector<RequestCursor> calls;
    SB_TRY(query.after, ListRequests(sql, query, [&](const Record& record) {
             calls.push_back({record.request, record.attempt});
             return core::Status();
           }));
    more = query.after.has_value();
    SB_CHECK_OK(EraseCalls(sql, calls, subject.kind));
    erased.calls += calls.size();
    if (more && core::MonoNow() > until) {
      erased.next = query.after;
      return erased;
    }
  }
  // Last, because they are how the calls are found when this was broken off.
  SB_TRY(erased.sums, EraseSums(sql, subject));
  return erased;
}

}  // namespace signalbox::ledger
