// The searches in a collection's table.
#include "io/store/pgvector/filter_path.h"
#include "io/store/pgvector/table.h"

namespace signalbox::pgvector {
namespace {

using store::Metric;
using store::Row;
using store::Statement;
using store::Transaction;
using store::VectorHit;

// What differs from metric to metric is the operator of the distance. An expression around it is
// nothing that the index could answer.
struct Searches {
  Statement nearest;
  Statement nearest_of_all;
};

#define SB_SELECT(distance)                        \
  "SELECT id, metadata::text, embedding " distance \
  " $1::text::vector FROM pgvector_{number} "      \
  "WHERE ($2 IS NULL OR metadata @@ $2::text::jsonpath) ORDER BY "
#define SB_SEARCHES(distance)                                              \
  {SB_SELECT(distance) "embedding " distance " $1::text::vector LIMIT $3", \
   SB_SELECT(distance) "(embedding " distance " $1::text::vector) + 0, id LIMIT $3"}
constexpr Searches kCosine = SB_SEARCHES("<=>");
constexpr Searches kDot = SB_SEARCHES("<#>");
constexpr Searches kL2 = SB_SEARCHES("<->");
#undef SB_SEARCHES
#undef SB_SELECT

const Searches& Of(Metric metric) {
  if (metric == Metric::kCosine) {
    return kCosine;
  }
  return metric == Metric::kDot ? kDot : kL2;
}

double SimilarityOf(Metric metric, double distance) {
  return metric == Metric::kCosine ? store::RoundCosine(1 - distance) : 0 - distance;
}

}  // namespace

core::Result<std::vector<VectorHit>> Table::Nearest(Transaction& transaction,
                                                    std::string_view vector,
                                                    const store::VectorQuery& query) const {
  return Run(transaction, Of(shape_.metric).nearest.Of(number_), vector, query);
}

core::Result<std::vector<VectorHit>> Table::NearestOfAll(Transaction& transaction,
                                                         std::string_view vector,
                                                         const store::VectorQuery& query) const {
  return Run(transaction, Of(shape_.metric).nearest_of_all.Of(number_), vector, query);
}

core::Result<std::vector<VectorHit>> Table::Run(Transaction& transaction, Statement statement,
                                                std::string_view vector,
                                                const store::VectorQuery& query) const {
  const std::string path = FilterPath(query.filter);
  std::vector<VectorHit> hits;
  SB_CHECK_OK(transaction.Query(
      statement, {vector, PathParam(path), static_cast<std::int64_t>(query.k)},
      [&hits, this](const Row& row) -> core::Status {
        SB_TRY(store::Metadata metadata, store::ParseMetadata(row.Text(1)));
        hits.push_back({std::string(row.Text(0)), SimilarityOf(shape_.metric, row.Number(2)),
                        std::move(metadata)});
        return {};
      }));
  return hits;
}

}  // namespace signalbox::pgvector
