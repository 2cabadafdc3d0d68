// Vectors in the process: rows in a Sql are the truth, and an index in memory is made from them
// when a collection is first used. By the contract of Vectors.
//
// Owner:   app/; the database outlives it.
// Threads: as Vectors, and one of its own that builds graphs.
// Errors:  as Vectors. kInvalidRequest: a collection would not fit into memory any more.
// Cancel:  as Vectors; the end waits for one row's linking.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "io/store/hnsw/follower.h"
#include "io/store/hnsw/linker.h"
#include "io/store/sql.h"
#include "io/store/vectors.h"

namespace signalbox::store {

struct HnswOptions {
  // Of all indexes together, roughly; those that were not used for longest leave first, and are
  // read again when they are wanted.
  std::size_t most_bytes = std::size_t{2} << 30U;
  hnsw::IndexOptions index;
};

class HnswVectors final : public Vectors {
 public:
  // The database has the migrations of vectors/ and of this folder.
  explicit HnswVectors(Sql& sql, const HnswOptions& options = {}) : sql_(sql), options_(options) {}

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
  std::string Name() const override { return "HNSW over " + sql_.Name(); }

 private:
  struct Current {
    CollectionRow row;
    std::shared_ptr<hnsw::Follower> follower;
  };
  // The collection as it is now, its index read on.
  core::Result<Current> Follow(const CollectionName& collection);
  std::shared_ptr<hnsw::Follower> FollowerOf(const CollectionRow& row);
  core::Status CheckRoom(hnsw::Follower& follower, std::size_t more) const;
  // Takes what was used least out of memory until the others fit.
  void MakeRoom();

  Sql& sql_;
  const HnswOptions options_;
  std::mutex mutex_;
  std::map<std::int64_t, std::shared_ptr<hnsw::Follower>> followers_;
  std::uint64_t uses_ = 0;
  hnsw::Linker linker_;  // the last member: it works on the others
};

}  // namespace signalbox::store
