#include "io/store/vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/store/text.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;

std::unexpected<core::Error> Wrong(std::string message, std::string param) {
  return core::Fail(ErrorCode::kInvalidRequest, std::move(message), std::move(param));
}

core::Status CheckOne(std::string_view name, std::string_view what) {
  if (name.empty() || name.size() > kMostVectorName || !IsStorableText(name)) {
    return Wrong(fmt::format("vectors: {} is to be text (UTF-8 without NUL) of 1 to {} bytes", what,
                             kMostVectorName),
                 std::string(what));
  }
  return {};
}

core::Status CheckBatch(std::size_t size, std::string_view what) {
  if (size > kMostVectors) {
    return Wrong(fmt::format("vectors: {} {} in one call; it takes up to {}: make several calls",
                             size, what, kMostVectors),
                 std::string(what));
  }
  return {};
}

// kCosine alone has a length to be divided by.
core::Result<double> LengthOf(std::span<const float> vector, std::string_view what) {
  double squares = 0;
  for (const float number : vector) {
    squares += static_cast<double>(number) * number;
  }
  if (squares == 0) {
    return Wrong(fmt::format("vectors: {} is zero, which has no direction to compare by cosine: "
                             "leave it out",
                             what),
                 "vector");
  }
  return std::sqrt(squares);
}

}  // namespace

std::string_view Name(Metric metric) {
  switch (metric) {
    case Metric::kCosine:
      return "cosine";
    case Metric::kDot:
      return "dot";
    case Metric::kL2:
      return "l2";
  }
  return "";
}

core::Status CheckCollection(const CollectionName& collection) {
  SB_CHECK_OK(CheckOne(collection.scope, "scope"));
  return CheckOne(collection.name, "collection");
}

core::Status CheckShape(const VectorShape& shape) {
  if (shape.dimension < 1 || shape.dimension > kMostDimensions) {
    return Wrong(fmt::format("vectors: a collection of {} dimensions; it takes 1 to {}",
                             shape.dimension, kMostDimensions),
                 "dimension");
  }
  return {};
}

core::Status CheckIds(std::span<const std::string> ids) {
  SB_CHECK_OK(CheckBatch(ids.size(), "ids"));
  for (const std::string& id : ids) {
    SB_CHECK_OK(CheckOne(id, "id"));
  }
  return {};
}

core::Status CheckRows(std::span<const VectorRow> rows) {
  SB_CHECK_OK(CheckBatch(rows.size(), "rows"));
  for (const VectorRow& row : rows) {
    SB_CHECK_OK(CheckOne(row.id, "id"));
    SB_CHECK_OK(CheckMetadata(row.metadata));
  }
  return {};
}

core::Status CheckQuery(const VectorQuery& query) {
  if (query.k < 1 || query.k > kMostFound) {
    return Wrong(
        fmt::format("vectors: {} rows asked for; a search gives 1 to {}", query.k, kMostFound),
        "k");
  }
  if (std::isnan(query.least)) {
    return Wrong("vectors: the least similarity is not a number", "least");
  }
  return CheckFilter(query.filter);
}

core::Result<std::vector<float>> ReadyVector(std::span<const float> vector,
                                             const VectorShape& shape, std::string_view what) {
  if (vector.size() != shape.dimension) {
    return Wrong(fmt::format("vectors: {} has {} numbers, the collection takes {}: embed it with "
                             "the model that the collection was made for",
                             what, vector.size(), shape.dimension),
                 "vector");
  }
  if (!std::ranges::all_of(vector, [](float number) {
        return std::abs(number) <= kMostComponent;  // false of what is not a number
      })) {
    return Wrong(fmt::format("vectors: {} holds what is not a number from -1e9 to 1e9", what),
                 "vector");
  }
  std::vector<float> ready(vector.begin(), vector.end());
  if (shape.metric == Metric::kCosine) {
    SB_TRY(const double length, LengthOf(vector, what));
    for (float& number : ready) {
      number = static_cast<float>(number / length);
    }
  }
  return ready;
}

double RoundCosine(double cosine) {
  return std::clamp(std::round(cosine * 1e5) / 1e5, -1.0, 1.0);
}

void RankHits(std::vector<VectorHit>& hits, std::size_t k, double least) {
  std::erase_if(hits, [least](const VectorHit& hit) { return hit.similarity < least; });
  std::ranges::sort(hits, [](const VectorHit& a, const VectorHit& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.id < b.id;
  });
  hits.resize(std::min(hits.size(), k));
}

}  // namespace signalbox::store
