#include "io/store/hnsw/rows.h"

#include <bit>

#include "io/store/vectors/collections.h"

namespace signalbox::hnsw {
namespace {

using store::Param;
using store::Row;
using store::Transaction;

static_assert(std::endian::native == std::endian::little, "vectors are kept as they are in memory");

using VisitId = std::function<void(std::string_view id)>;

core::Status VisitMatching(store::Reader& reader, std::int64_t collection,
                           const store::Filter& filter, const VisitId& visit) {
  return reader.Query(
      "SELECT id, metadata FROM vector_rows WHERE collection = $1 AND vector IS NOT NULL",
      {collection}, [&](const Row& row) -> core::Status {
        SB_TRY(const store::Metadata metadata, store::ParseMetadata(row.Text(1)));
        if (store::Matches(filter, metadata)) {
          visit(row.Text(0));
        }
        return {};
      });
}

// For a statement with the collection, an id and the change.
store::NextRow EachId(std::int64_t collection, std::span<const std::string> ids,
                      std::int64_t change) {
  return [=, at = std::size_t{0}](std::span<Param> row) mutable {
    if (at == ids.size()) {
      return false;
    }
    row[0] = collection;
    row[1] = std::string_view(ids[at++]);
    row[2] = change;
    return true;
  };
}

}  // namespace

core::Status WriteRows(Transaction& transaction, std::int64_t collection,
                       std::span<const ReadyRow> rows) {
  SB_TRY(const std::int64_t change, store::NextChange(transaction, collection));
  SB_CHECK_OK(
      transaction.RunEach("INSERT INTO vector_rows (collection, id, change, vector, metadata) "
                          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (collection, id) "
                          "DO UPDATE SET change = $3, vector = $4, metadata = $5",
                          5, [&, at = std::size_t{0}](std::span<Param> row) mutable {
                            if (at == rows.size()) {
                              return false;
                            }
                            const ReadyRow& one = rows[at++];
                            row[0] = collection;
                            row[1] = one.id;
                            row[2] = change;
                            row[3] = std::as_bytes(std::span(one.vector));
                            row[4] = std::string_view(one.metadata);
                            return true;
                          }));
  return {};
}

core::Result<std::size_t> DeleteRows(Transaction& transaction, std::int64_t collection,
                                     std::span<const std::string> ids) {
  SB_TRY(const std::int64_t change, store::NextChange(transaction, collection));
  SB_TRY(const std::int64_t deleted,
         transaction.RunEach("UPDATE vector_rows SET change = $3, vector = NULL, metadata = NULL "
                             "WHERE collection = $1 AND id = $2 AND vector IS NOT NULL",
                             3, EachId(collection, ids, change)));
  const std::int64_t old = change - kChangesTold;
  SB_TRY(const std::int64_t forgotten,
         transaction.Run("DELETE FROM vector_rows "
                         "WHERE collection = $1 AND vector IS NULL AND change <= $2",
                         {collection, old}));
  if (forgotten > 0) {
    SB_CHECK_OK(store::NoteSwept(transaction, collection, old));
  }
  return static_cast<std::size_t>(deleted);
}

core::Result<std::size_t> EraseRows(Transaction& transaction, std::int64_t collection,
                                    const store::Filter& filter) {
  SB_TRY(const std::int64_t change, store::NextChange(transaction, collection));
  std::vector<std::string> ids;
  SB_CHECK_OK(VisitMatching(transaction, collection, filter,
                            [&ids](std::string_view id) { ids.emplace_back(id); }));
  SB_CHECK_OK(transaction.RunEach(
      "DELETE FROM vector_rows WHERE collection = $1 AND id = $2 AND change < $3", 3,
      EachId(collection, ids, change)));
  SB_CHECK_OK(transaction.Run("DELETE FROM vector_rows WHERE collection = $1 AND vector IS NULL",
                              {collection}));
  SB_CHECK_OK(store::NoteSwept(transaction, collection, change));
  return ids.size();
}

core::Status DropRows(Transaction& transaction, std::int64_t collection) {
  SB_CHECK_OK(transaction.Run("DELETE FROM vector_rows WHERE collection = $1", {collection}));
  return store::RemoveCollection(transaction, collection);
}

core::Result<std::size_t> CountRows(store::Sql& sql, std::int64_t collection,
                                    const store::Filter& filter) {
  std::size_t count = 0;
  if (!filter.empty()) {
    SB_CHECK_OK(VisitMatching(sql, collection, filter, [&count](std::string_view) { ++count; }));
    return count;
  }
  SB_CHECK_OK(
      sql.Query("SELECT COUNT(*) FROM vector_rows WHERE collection = $1 AND vector IS NOT NULL",
                {collection}, [&count](const Row& row) -> core::Status {
                  count = static_cast<std::size_t>(row.Int(0));
                  return {};
                }));
  return count;
}

core::Status ReadChanges(store::Sql& sql, std::int64_t collection, std::int64_t after,
                         const VisitChange& visit) {
  return sql.Query(
      "SELECT id, change, vector, metadata FROM vector_rows "
      "WHERE collection = $1 AND change > $2 ORDER BY change",
      {collection, after}, [&visit](const Row& row) {
        return visit({row.Text(0), row.Int(1), row.Bytes(2), row.Text(3)});
      });
}

core::Result<std::unordered_set<std::string>> ReadIds(store::Sql& sql, std::int64_t collection) {
  std::unordered_set<std::string> ids;
  SB_CHECK_OK(sql.Query("SELECT id FROM vector_rows WHERE collection = $1 AND vector IS NOT NULL",
                        {collection}, [&ids](const Row& row) -> core::Status {
                          ids.emplace(row.Text(0));
                          return {};
                        }));
  return ids;
}

}  // namespace signalbox::hnsw
