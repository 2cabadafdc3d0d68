#include "pipeline/ledger/request_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "pipeline/ledger/rollup_rows.h"
#include "pipeline/ledger/row.h"
#include "pipeline/ledger/row_filter.h"

namespace signalbox::ledger {
namespace {

using store::Param;

// Buckets that are asked for at once.
constexpr std::int64_t kBucketsAtOnce = 256;
#define SB_BUCKETS(index)                                                                 \
  "SELECT bucket FROM usage_rollups" index                                                \
  " WHERE grain = $1 AND dimension = $2 AND value = $3 AND bucket >= $4 AND bucket < $5 " \
  "AND ($6 IS NULL OR tenant_id = $6) GROUP BY bucket ORDER BY bucket DESC LIMIT $7"
constexpr store::Statement kBuckets = SB_BUCKETS("");
constexpr store::Statement kBucketsByIndex = SB_BUCKETS(SB_BY_VALUE);

constexpr store::Statement kRows =
    "SELECT " SB_LEDGER_COLUMNS
    " FROM ledger_requests WHERE id >= $1 AND (id, attempt) < ($2, $3) " SB_ROW_FILTER
    "ORDER BY id DESC, attempt DESC LIMIT $4";

constexpr store::Statement kAttempts = "SELECT " SB_LEDGER_COLUMNS
                                       " FROM ledger_requests WHERE id = $1 "
                                       "AND ($2 IS NULL OR tenant_id = $2) ORDER BY attempt";

// The second behind the last one in which a row before `place` can have arrived.
std::int64_t SecondAfter(const RequestCursor& place) {
  const auto second =
      std::chrono::floor<std::chrono::seconds>(place.request.uuid.Time()).time_since_epoch();
  const bool at_its_begin = place == RequestCursor{{FirstIdAt(second.count())}, 0};
  return second.count() + (at_its_begin ? 0 : 1);
}

// The reading of one page.
class Page {
 public:
  Page(store::Sql& sql, const RequestQuery& query, const VisitRecord& visit)
      : sql_(sql),
        query_(query),
        visit_(visit),
        filter_(query.scope, query.filter),
        before_{{FirstIdAt(query.period.end)}, 0} {}

  core::Result<std::optional<RequestCursor>> Read() {
    before_ = query_.after ? std::min(before_, *query_.after) : before_;
    const core::MonoTime end = core::MonoNow() + query_.time;
    const RequestCursor last{{FirstIdAt(query_.period.begin)}, 0};
    while (!filter_.impossible() && before_ > last) {
      SB_TRY(const std::vector<Period> stretches, NextStretches());
      if (stretches.empty()) {
        return std::nullopt;
      }
      for (const Period& stretch : stretches) {
        SB_CHECK_OK(ReadStretch(stretch));
        if (visited_ == query_.most || core::MonoNow() > end) {
          return before_;
        }
      }
    }
    return std::nullopt;
  }

 private:
  // Where there are rows that may match, newest first.
  core::Result<std::vector<Period>> NextStretches() {
    const Guide& guide = filter_.guide();
    const bool broad = guide.dimension == Dimension::kTotal;
    const std::int64_t from = query_.period.begin;
    const Grain grain = from < query_.kept.hours_from              ? Grain::kDay
                        : broad || from < query_.kept.minutes_from ? Grain::kHour
                                                                   : Grain::kMinute;
    const std::int64_t size = kGrainSeconds[static_cast<std::size_t>(grain)];
    std::vector<Period> stretches;
    SB_CHECK_OK(
        sql_.Query(sql_.engine() == store::Engine::kSqlite ? kBucketsByIndex : kBuckets,
                   {static_cast<std::int64_t>(grain), static_cast<std::int64_t>(guide.dimension),
                    std::string_view(guide.value), from - size + 1, SecondAfter(before_),
                    filter_.tenant_text(), kBucketsAtOnce},
                   [&](const store::Row& row) {
                     stretches.push_back({row.Int(0), row.Int(0) + size});
                     return core::Status();
                   }));
    return stretches;
  }

  // Reads on in `stretch`, to its begin or until the page is full.
  core::Status ReadStretch(const Period& stretch) {
    const core::Uuid first = FirstIdAt(std::max(stretch.begin, query_.period.begin));
    before_ = std::min(before_, {{FirstIdAt(stretch.end)}, 0});
    while (visited_ < query_.most) {
      const std::size_t wanted = query_.most - visited_;
      SB_TRY(const std::size_t found, ReadRows(first, wanted));
      if (found < wanted) {
        before_ = {{first}, 0};
        break;
      }
    }
    return {};
  }

  core::Result<std::size_t> ReadRows(const core::Uuid& first, std::size_t most) {
    const RequestCursor before = before_;
    std::size_t found = 0;
    filter_.Bind(std::as_bytes(std::span(first.bytes)),
                 std::as_bytes(std::span(before.request.uuid.bytes)), std::int64_t{before.attempt},
                 static_cast<std::int64_t>(most));
    SB_CHECK_OK(sql_.Query(kRows, filter_.params(), [&](const store::Row& row) -> core::Status {
      const Record record = ReadRow(row);
      ++found;
      before_ = {record.request, record.attempt};
      if (filter_.Matches(record)) {
        ++visited_;
        SB_CHECK_OK(visit_(record));
      }
      return {};
    }));
    return found;
  }

  store::Sql& sql_;
  const RequestQuery& query_;
  const VisitRecord& visit_;
  RowFilter filter_;
  RequestCursor before_;  // what comes next is before it
  std::size_t visited_ = 0;
};

}  // namespace

std::string RequestCursor::Text() const {
  return fmt::format("{}.{}", request.Text(), attempt);
}

std::optional<RequestCursor> RequestCursor::Parse(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    return std::nullopt;
  }
  const auto request = core::RequestId::Parse(text.substr(0, dot));
  RequestCursor cursor;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + dot + 1, end, cursor.attempt);
  if (!request || error != std::errc() || rest != end) {
    return std::nullopt;
  }
  cursor.request = *request;
  return cursor;
}

core::Result<std::optional<RequestCursor>> ListRequests(store::Sql& sql, const RequestQuery& query,
                                                        const VisitRecord& visit) {
  return Page(sql, query, visit).Read();
}

core::Result<std::size_t> FindAttempts(store::Sql& sql, const Scope& scope, core::RequestId request,
                                       const VisitRecord& visit) {
  std::size_t found = 0;
  const Param tenant =
      scope.tenant ? Param(std::as_bytes(std::span(scope.tenant->uuid.bytes))) : Param();
  SB_CHECK_OK(sql.Query(kAttempts, {std::as_bytes(std::span(request.uuid.bytes)), tenant},
                        [&](const store::Row& row) {
                          ++found;
                          return visit(ReadRow(row));
                        }));
  return found;
}

}  // namespace signalbox::ledger
