#include "io/store/vectors/collections.h"

#include <fmt/format.h>

#include "base/core/random.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;

std::string_view TextOf(Kept kept) {
  return kept == Kept::kRows ? "rows" : "pgvector";
}

core::Result<Metric> MetricOf(std::string_view text) {
  for (const Metric metric : {Metric::kCosine, Metric::kDot, Metric::kL2}) {
    if (Name(metric) == text) {
      return metric;
    }
  }
  return core::Fail(ErrorCode::kInternal, "vectors: a collection's metric is none of this program");
}

// Drawn, because the number of one that was dropped must not come again: indexes in memory are
// known by it.
std::int64_t NewNumber() {
  return static_cast<std::int64_t>(core::Random().Next() >> 1U);
}

core::Result<std::optional<CollectionRow>> Look(Reader& reader, Kept kept,
                                                const CollectionName& collection) {
  std::optional<CollectionRow> found;
  SB_CHECK_OK(reader.Query(
      "SELECT number, dimension, metric, changes FROM vector_collections "
      "WHERE kept = $1 AND scope = $2 AND name = $3",
      {TextOf(kept), std::string_view(collection.scope), std::string_view(collection.name)},
      [&found](const Row& row) -> core::Status {
        SB_TRY(const Metric metric, MetricOf(row.Text(2)));
        found = CollectionRow{.number = row.Int(0),
                              .shape = {static_cast<std::size_t>(row.Int(1)), metric},
                              .changes = row.Int(3)};
        return {};
      }));
  return found;
}

core::Status CheckSame(const VectorShape& there, const VectorShape& wanted, std::string_view name) {
  if (there.dimension == wanted.dimension && there.metric == wanted.metric) {
    return {};
  }
  return core::Fail(
      ErrorCode::kConflict,
      fmt::format("vectors: collection {} has {} dimensions and {}, not {} and {}: drop it first, "
                  "or take another name",
                  name, there.dimension, Name(there.metric), wanted.dimension, Name(wanted.metric)),
      "collection");
}

}  // namespace

core::Error NoCollection(std::string_view name) {
  return {ErrorCode::kNotFound,
          fmt::format("vectors: no collection {} in this scope: create it first", name),
          "collection",
          {}};
}

core::Result<CollectionRow> FindCollection(Reader& reader, Kept kept,
                                           const CollectionName& collection) {
  SB_CHECK_OK(CheckCollection(collection));
  SB_TRY(auto found, Look(reader, kept, collection));
  if (!found) {
    return std::unexpected(NoCollection(collection.name));
  }
  return *found;
}

core::Result<std::optional<std::int64_t>> AddCollection(Transaction& transaction, Kept kept,
                                                        const CollectionName& collection,
                                                        const VectorShape& shape) {
  SB_CHECK_OK(CheckCollection(collection));
  SB_CHECK_OK(CheckShape(shape));
  const std::int64_t number = NewNumber();
  SB_TRY(const std::int64_t added,
         transaction.Run(
             "INSERT INTO vector_collections "
             "(number, kept, scope, name, dimension, metric, changes, swept) "
             "VALUES ($1, $2, $3, $4, $5, $6, 0, 0) ON CONFLICT (kept, scope, name) DO NOTHING",
             {number, TextOf(kept), std::string_view(collection.scope),
              std::string_view(collection.name), static_cast<std::int64_t>(shape.dimension),
              Name(shape.metric)}));
  if (added > 0) {
    return number;
  }
  SB_TRY(const CollectionRow there, FindCollection(transaction, kept, collection));
  SB_CHECK_OK(CheckSame(there.shape, shape, collection.name));
  return std::nullopt;
}

core::Status RemoveCollection(Transaction& transaction, std::int64_t number) {
  SB_CHECK_OK(transaction.Run("DELETE FROM vector_collections WHERE number = $1", {number}));
  return {};
}

core::Result<std::int64_t> NextChange(Transaction& transaction, std::int64_t number) {
  std::int64_t change = 0;
  SB_CHECK_OK(transaction.Query(
      "UPDATE vector_collections SET changes = changes + 1 WHERE number = $1 RETURNING changes",
      {number}, [&change](const Row& row) -> core::Status {
        change = row.Int(0);
        return {};
      }));
  if (change == 0) {
    return core::Fail(ErrorCode::kNotFound,
                      "vectors: the collection was dropped meanwhile: create it again",
                      "collection");
  }
  return change;
}

core::Result<std::int64_t> ReadSwept(Reader& reader, std::int64_t number) {
  std::int64_t swept = 0;
  SB_CHECK_OK(reader.Query("SELECT swept FROM vector_collections WHERE number = $1", {number},
                           [&swept](const Row& row) -> core::Status {
                             swept = row.Int(0);
                             return {};
                           }));
  return swept;
}

core::Status NoteSwept(Transaction& transaction, std::int64_t number, std::int64_t change) {
  SB_CHECK_OK(
      transaction.Run("UPDATE vector_collections SET swept = $2 WHERE number = $1 AND swept < $2",
                      {number, change}));
  return {};
}

}  // namespace signalbox::store
