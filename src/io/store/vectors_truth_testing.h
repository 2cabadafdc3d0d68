// What a search of vectors is held against: random rows, and their true nearest. Test support.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/core/random.h"
#include "io/store/vectors.h"

namespace signalbox::store {

inline std::vector<std::string> IdsOf(const std::vector<VectorHit>& hits) {
  std::vector<std::string> ids;
  for (const VectorHit& hit : hits) {
    ids.push_back(hit.id);
  }
  return ids;
}

inline std::vector<float> RandomVector(core::Random& random, std::size_t dimension) {
  std::vector<float> vector(dimension);
  for (float& number : vector) {
    number = static_cast<float>(random.Draw() * 2 - 1);
  }
  return vector;
}

// Ids "r0", "r1", …, with `number` and its remainders in the metadata.
inline std::vector<VectorRow> RandomRows(core::Random& random, std::size_t first, std::size_t count,
                                         std::size_t dimension) {
  std::vector<VectorRow> rows;
  for (std::size_t i = first; i < first + count; ++i) {
    rows.push_back({"r" + std::to_string(i),
                    RandomVector(random, dimension),
                    {{"number", static_cast<std::int64_t>(i)},
                     {"parity", std::string(i % 2 == 0 ? "even" : "odd")},
                     {"tenth", static_cast<double>(i % 10) / 10}}});
  }
  return rows;
}

// The true nearest, by comparing with all.
inline std::vector<std::string> TrueNearest(const std::vector<VectorRow>& rows,
                                            const VectorQuery& query, Metric metric) {
  const VectorShape shape{query.vector.size(), metric};
  const auto wanted = ReadyVector(query.vector, shape, "query").value();
  std::vector<VectorHit> hits;
  for (const VectorRow& row : rows) {
    const auto vector = ReadyVector(row.vector, shape, "row").value();
    double sum = 0;
    for (std::size_t i = 0; i < vector.size(); ++i) {
      const double difference = static_cast<double>(vector[i]) - wanted[i];
      sum += metric == Metric::kL2 ? -difference * difference
                                   : static_cast<double>(vector[i]) * wanted[i];
    }
    if (Matches(query.filter, row.metadata)) {
      hits.push_back({row.id, sum, {}});
    }
  }
  RankHits(hits, query.k, query.least);
  return IdsOf(hits);
}

inline std::size_t Common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return static_cast<std::size_t>(std::ranges::count_if(
      a, [&b](const std::string& id) { return std::ranges::find(b, id) != b.end(); }));
}

}  // namespace signalbox::store
