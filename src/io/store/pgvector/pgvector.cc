#include "io/store/pgvector/pgvector.h"

#include <fmt/format.h>

#include "io/store/pgvector/extension.h"
#include "io/store/pgvector/filter_path.h"
#include "io/store/pgvector/table.h"
#include "io/store/vectors/collections.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using pgvector::Table;

class PgvectorVectors final : public Vectors {
 public:
  explicit PgvectorVectors(Sql& sql) : sql_(sql) {}

  core::Status Create(const CollectionName& collection, const VectorShape& shape) override;
  core::Status Drop(const CollectionName& collection) override;
  core::Status Upsert(const CollectionName& collection, std::span<const VectorRow> rows) override;
  core::Result<std::size_t> Delete(const CollectionName& collection,
                                   std::span<const std::string> ids) override;
  core::Result<std::size_t> DeleteWhere(const CollectionName& collection,
                                        const Filter& filter) override;
  core::Result<std::vector<VectorHit>> Search(const CollectionName& collection,
                                              const VectorQuery& query) override;
  core::Result<std::size_t> Count(const CollectionName& collection, const Filter& filter) override;
  std::string Name() const override { return "pgvector in " + sql_.Name(); }

 private:
  core::Result<Table> Find(const CollectionName& collection);
  // A table that another process dropped in the middle of a call is a collection that is not there.
  template <typename T>
  core::Result<T> OrGone(core::Result<T> result, const CollectionName& collection) {
    if (!result && result.error().code == ErrorCode::kInternal) {
      SB_TRY([[maybe_unused]] const Table there, Find(collection));
    }
    return result;
  }

  Sql& sql_;
};

core::Result<Table> PgvectorVectors::Find(const CollectionName& collection) {
  SB_TRY(const CollectionRow row, FindCollection(sql_, Kept::kPgvector, collection));
  return Table(static_cast<std::uint64_t>(row.number), row.shape);
}

core::Status PgvectorVectors::Create(const CollectionName& collection, const VectorShape& shape) {
  return sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_TRY(const auto number, AddCollection(transaction, Kept::kPgvector, collection, shape));
    if (!number) {
      return {};
    }
    SB_CHECK_OK(pgvector::UseExtension(transaction));
    return Table(static_cast<std::uint64_t>(*number), shape).Make(transaction);
  });
}

core::Status PgvectorVectors::Drop(const CollectionName& collection) {
  const auto row = FindCollection(sql_, Kept::kPgvector, collection);
  if (!row) {
    return row.error().code == ErrorCode::kNotFound ? core::Status()
                                                    : core::Status(std::unexpected(row.error()));
  }
  return sql_.Write([&row](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(Table(static_cast<std::uint64_t>(row->number), row->shape).Drop(transaction));
    return RemoveCollection(transaction, row->number);
  });
}

core::Status PgvectorVectors::Upsert(const CollectionName& collection,
                                     std::span<const VectorRow> rows) {
  SB_CHECK_OK(CheckRows(rows));
  SB_TRY(const Table table, Find(collection));
  SB_TRY(const auto ready, table.Ready(rows));
  return OrGone(sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(pgvector::UseExtension(transaction));
    return table.Upsert(transaction, ready);
  }),
                collection);
}

core::Result<std::size_t> PgvectorVectors::Delete(const CollectionName& collection,
                                                  std::span<const std::string> ids) {
  SB_CHECK_OK(CheckIds(ids));
  SB_TRY(const Table table, Find(collection));
  std::size_t deleted = 0;
  SB_CHECK_OK(OrGone(sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_TRY(deleted, table.Delete(transaction, ids));
    return {};
  }),
                     collection));
  return deleted;
}

core::Result<std::size_t> PgvectorVectors::DeleteWhere(const CollectionName& collection,
                                                       const Filter& filter) {
  SB_CHECK_OK(CheckFilter(filter));
  SB_TRY(const Table table, Find(collection));
  std::size_t deleted = 0;
  SB_CHECK_OK(OrGone(sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_TRY(deleted, table.DeleteWhere(transaction, filter));
    return {};
  }),
                     collection));
  return deleted;
}

// First by the index, which may stop before it has seen enough rows that pass: then by comparing
// with all rows that pass.
core::Result<std::vector<VectorHit>> PgvectorVectors::Search(const CollectionName& collection,
                                                             const VectorQuery& query) {
  SB_CHECK_OK(CheckQuery(query));
  SB_TRY(const Table table, Find(collection));
  SB_TRY(const std::string vector, table.ReadyQuery(query.vector));
  std::vector<VectorHit> hits;
  const auto search = [&](Transaction& transaction) -> core::Status {
    hits.clear();
    if (table.indexed()) {
      SB_CHECK_OK(pgvector::UseIndex(transaction, query.k));
      SB_TRY(hits, table.Nearest(transaction, vector, query));
    }
    return {};
  };
  SB_CHECK_OK(OrGone(sql_.Write(search), collection));
  if (hits.size() < query.k) {
    SB_CHECK_OK(OrGone(sql_.Write([&](Transaction& transaction) -> core::Status {
      SB_CHECK_OK(pgvector::UseExtension(transaction));
      SB_TRY(hits, table.NearestOfAll(transaction, vector, query));
      return {};
    }),
                       collection));
  }
  RankHits(hits, query.k, query.least);
  return hits;
}

core::Result<std::size_t> PgvectorVectors::Count(const CollectionName& collection,
                                                 const Filter& filter) {
  SB_CHECK_OK(CheckFilter(filter));
  SB_TRY(const Table table, Find(collection));
  return OrGone(table.Count(sql_, filter), collection);
}

}  // namespace

core::Result<std::unique_ptr<Vectors>> OpenPgvector(Sql& sql) {
  SB_CHECK_OK(pgvector::MakeExtension(sql));
  return std::make_unique<PgvectorVectors>(sql);
}

}  // namespace signalbox::store
