#include "io/store/hnsw/hnsw.h"

#include <fmt/format.h>

#include <algorithm>

namespace signalbox::store {
namespace {

core::Result<std::vector<hnsw::ReadyRow>> ReadyRows(std::span<const VectorRow> rows,
                                                    const VectorShape& shape) {
  std::vector<hnsw::ReadyRow> ready;
  ready.reserve(rows.size());
  for (const VectorRow& row : rows) {
    SB_TRY(auto vector, ReadyVector(row.vector, shape, fmt::format("row {}", ready.size())));
    ready.push_back({row.id, std::move(vector), MetadataJson(row.metadata)});
  }
  return ready;
}

}  // namespace

core::Status HnswVectors::Create(const CollectionName& collection, const VectorShape& shape) {
  return sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_CHECK_OK(AddCollection(transaction, Kept::kRows, collection, shape));
    return {};
  });
}

core::Status HnswVectors::Drop(const CollectionName& collection) {
  const auto row = FindCollection(sql_, Kept::kRows, collection);
  if (!row) {
    return row.error().code == core::ErrorCode::kNotFound
               ? core::Status()
               : core::Status(std::unexpected(row.error()));
  }
  SB_CHECK_OK(sql_.Write(
      [&row](Transaction& transaction) { return hnsw::DropRows(transaction, row->number); }));
  const std::scoped_lock lock(mutex_);
  followers_.erase(row->number);
  return {};
}

core::Status HnswVectors::Upsert(const CollectionName& collection,
                                 std::span<const VectorRow> rows) {
  SB_CHECK_OK(CheckRows(rows));
  SB_TRY(const Current current, Follow(collection));
  SB_TRY(const auto ready, ReadyRows(rows, current.row.shape));
  SB_CHECK_OK(CheckRoom(*current.follower, rows.size()));
  SB_CHECK_OK(sql_.Write([&](Transaction& transaction) {
    return hnsw::WriteRows(transaction, current.row.number, ready);
  }));
  // Written is written: should it not come into the index now, the next search reads on.
  (void)Follow(collection);
  return {};
}

core::Result<std::size_t> HnswVectors::Delete(const CollectionName& collection,
                                              std::span<const std::string> ids) {
  SB_CHECK_OK(CheckIds(ids));
  SB_TRY(const CollectionRow row, FindCollection(sql_, Kept::kRows, collection));
  std::size_t deleted = 0;
  SB_CHECK_OK(sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_TRY(deleted, hnsw::DeleteRows(transaction, row.number, ids));
    return {};
  }));
  return deleted;
}

core::Result<std::size_t> HnswVectors::DeleteWhere(const CollectionName& collection,
                                                   const Filter& filter) {
  SB_CHECK_OK(CheckFilter(filter));
  SB_TRY(const CollectionRow row, FindCollection(sql_, Kept::kRows, collection));
  std::size_t deleted = 0;
  SB_CHECK_OK(sql_.Write([&](Transaction& transaction) -> core::Status {
    SB_TRY(deleted, hnsw::EraseRows(transaction, row.number, filter));
    return {};
  }));
  return deleted;
}

core::Result<std::vector<VectorHit>> HnswVectors::Search(const CollectionName& collection,
                                                         const VectorQuery& query) {
  SB_CHECK_OK(CheckQuery(query));
  SB_TRY(const Current current, Follow(collection));
  SB_TRY(const auto vector, ReadyVector(query.vector, current.row.shape, "the query"));
  return current.follower->index().Search(vector, query);
}

core::Result<std::size_t> HnswVectors::Count(const CollectionName& collection,
                                             const Filter& filter) {
  SB_CHECK_OK(CheckFilter(filter));
  SB_TRY(const CollectionRow row, FindCollection(sql_, Kept::kRows, collection));
  return hnsw::CountRows(sql_, row.number, filter);
}

core::Result<HnswVectors::Current> HnswVectors::Follow(const CollectionName& collection) {
  Current current;
  SB_TRY(current.row, FindCollection(sql_, Kept::kRows, collection));
  current.follower = FollowerOf(current.row);
  SB_TRY(const bool news, current.follower->ReadOn(sql_, current.row));
  if (news) {
    MakeRoom();
  }
  if (current.follower->index().WantsLinking()) {
    linker_.Add(current.follower);
  }
  return current;
}

std::shared_ptr<hnsw::Follower> HnswVectors::FollowerOf(const CollectionRow& row) {
  const std::scoped_lock lock(mutex_);
  auto& follower = followers_[row.number];
  if (follower == nullptr) {
    follower = std::make_shared<hnsw::Follower>(row.shape, options_.index);
  }
  follower->used() = ++uses_;
  return follower;
}

core::Status HnswVectors::CheckRoom(hnsw::Follower& follower, std::size_t more) const {
  const std::size_t rows = follower.index().live();
  if (follower.BytesOf(rows + more) <= options_.most_bytes) {
    return {};
  }
  return core::Fail(
      core::ErrorCode::kInvalidRequest,
      fmt::format("vectors: the collection has {} rows, and {} more would not fit into the {} MiB "
                  "that indexes may take: delete some, or use PostgreSQL with pgvector",
                  rows, more, options_.most_bytes >> 20U),
      "collection");
}

void HnswVectors::MakeRoom() {
  std::vector<std::shared_ptr<hnsw::Follower>> left;  // freed after the lock
  const std::scoped_lock lock(mutex_);
  std::size_t bytes = 0;
  for (const auto& [number, follower] : followers_) {
    bytes += follower->BytesOf(follower->index().live());
  }
  while (bytes > options_.most_bytes && followers_.size() > 1) {
    const auto oldest = std::ranges::min_element(
        followers_, {}, [](const auto& one) { return one.second->used().load(); });
    bytes -= oldest->second->BytesOf(oldest->second->index().live());
    left.push_back(std::move(oldest->second));
    followers_.erase(oldest);
  }
}

}  // namespace signalbox::store
