#include "pipeline/ledger/usage_query.h"

#include <algorithm>
#include <array>

#include "pipeline/ledger/rollup_rows.h"

namespace signalbox::ledger {
namespace {

using store::Param;

// One piece of the time: its grain, begin and end are parameters.
#define SB_PIECE(grain, begin, end)                                             \
  "SELECT value, " SB_TOTALS_COLUMNS " FROM usage_rollups WHERE grain = " grain \
  " AND dimension = $1 AND bucket >= " begin " AND bucket < " end               \
  " AND ($2 IS NULL OR tenant_id = $2)"

constexpr store::Statement kTop = "SELECT value, " SB_TOTALS_SUMS " FROM ("  //
    SB_PIECE("$3", "$4", "$5") " UNION ALL "                                 //
    SB_PIECE("$6", "$7", "$8") " UNION ALL "                                 //
    SB_PIECE("$9", "$10", "$11") " UNION ALL "                               //
    SB_PIECE("$12", "$13", "$14") " UNION ALL "                              //
    SB_PIECE("$15", "$16", "$17")                                            //
    ") AS pieces GROUP BY value ORDER BY "
    "CASE CAST($18 AS BIGINT) WHEN 0 THEN SUM(cost_nano_usd) WHEN 1 THEN SUM(calls) "
    "ELSE SUM(input_tokens + output_tokens) END DESC, value LIMIT $19";

#define SB_SERIES(index)                                                                  \
  "SELECT bucket, " SB_TOTALS_SUMS " FROM usage_rollups" index                            \
  " WHERE grain = $1 AND dimension = $2 AND value = $3 AND bucket >= $4 AND bucket < $5 " \
  "AND ($6 IS NULL OR tenant_id = $6) GROUP BY bucket ORDER BY bucket"
constexpr store::Statement kSeries = SB_SERIES("");
constexpr store::Statement kSeriesByIndex = SB_SERIES(SB_BY_VALUE);

// Text of a scope's tenant, kept as long as the parameter is used.
class TenantParam {
 public:
  explicit TenantParam(const Scope& scope) : all_(!scope.tenant) {
    if (scope.tenant) {
      text_ = scope.tenant->Text();
    }
  }
  Param param() const { return all_ ? Param() : Param(std::string_view(text_)); }

 private:
  const bool all_;
  std::string text_;
};

// Visits what `value` used in each bucket of `piece`.
core::Status VisitBuckets(store::Sql& sql, const UsageQuery& query, std::string_view value,
                          const Piece& piece,
                          const std::function<void(std::int64_t, const Totals&)>& visit) {
  const TenantParam tenant(query.scope);
  return sql.Query(sql.engine() == store::Engine::kSqlite ? kSeriesByIndex : kSeries,
                   {static_cast<std::int64_t>(piece.grain), static_cast<std::int64_t>(query.by),
                    value, piece.period.begin, piece.period.end, tenant.param()},
                   [&](const store::Row& row) {
                     visit(row.Int(0), ReadTotals(row, 1));
                     return core::Status();
                   });
}

// All points' pieces, neighbours of one grain joined, so that there are few queries.
std::vector<Piece> Joined(const std::vector<Period>& periods, const Kept& kept) {
  std::vector<Piece> pieces;
  for (const Period& period : periods) {
    for (const Piece& piece : PiecesOf(period, kept)) {
      if (!pieces.empty() && pieces.back().grain == piece.grain &&
          pieces.back().period.end == piece.period.begin) {
        pieces.back().period.end = piece.period.end;
      } else {
        pieces.push_back(piece);
      }
    }
  }
  return pieces;
}

}  // namespace

core::Result<std::vector<UsageRow>> TopUsage(store::Sql& sql, const UsageQuery& query,
                                             UsageOrder order, std::size_t most) {
  const TenantParam tenant(query.scope);
  std::array<Param, 2 + 3 * kMostPieces + 2> params;
  params.fill(std::int64_t{0});  // a piece that is none is empty
  params[0] = static_cast<std::int64_t>(query.by);
  params[1] = tenant.param();
  std::size_t at = 2;
  for (const Piece& piece : PiecesOf(query.period, query.kept)) {
    params[at++] = static_cast<std::int64_t>(piece.grain);
    params[at++] = piece.period.begin;
    params[at++] = piece.period.end;
  }
  params[17] = static_cast<std::int64_t>(order);
  params[18] = static_cast<std::int64_t>(most);
  std::vector<UsageRow> rows;
  SB_CHECK_OK(sql.Query(kTop, params, [&](const store::Row& row) {
    rows.push_back({std::string(row.Text(0)), ReadTotals(row, 1)});
    return core::Status();
  }));
  return rows;
}

core::Result<Totals> UsageOf(store::Sql& sql, const UsageQuery& query, std::string_view value) {
  Totals all;
  for (const Piece& piece : PiecesOf(query.period, query.kept)) {
    SB_CHECK_OK(VisitBuckets(sql, query, value, piece,
                             [&](std::int64_t, const Totals& totals) { all.Add(totals); }));
  }
  return all;
}

core::Result<std::vector<UsagePoint>> UsageSeries(store::Sql& sql, const UsageQuery& query,
                                                  std::string_view value, Step step,
                                                  const std::string& zone) {
  SB_TRY(const std::vector<Period> periods, PeriodsOf(query.period, step, zone));
  std::vector<UsagePoint> points;
  for (const Period& period : periods) {
    points.push_back({period, {}});
  }
  const auto add = [&points](std::int64_t bucket, const Totals& totals) {
    const auto after = std::ranges::upper_bound(
        points, bucket, {}, [](const UsagePoint& point) { return point.period.begin; });
    if (after != points.begin()) {
      std::prev(after)->totals.Add(totals);
    }
  };
  for (const Piece& piece : Joined(periods, query.kept)) {
    SB_CHECK_OK(VisitBuckets(sql, query, value, piece, add));
  }
  return points;
}

}  // namespace signalbox::ledger
