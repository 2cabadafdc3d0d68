// One collection's index and how far it has read in the rows.
//
// Owner:   HnswVectors; shared by those who search while it is taken out of memory.
// Threads: any that may block. Who calls ReadOn while another reads waits for it, and so for the
//          rows that were new, not for the graph.
// Errors:  Sql's; kInternal: a row does not fit its collection. The next call reads on again.
// Cancel:  as Sql.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "io/store/hnsw/index.h"
#include "io/store/hnsw/rows.h"
#include "io/store/vectors/collections.h"

namespace signalbox::hnsw {

class Follower {
 public:
  Follower(const store::VectorShape& shape, const IndexOptions& options)
      : shape_(shape), index_(shape, options) {}

  // Brings the index to where `row`, which was just read, says that the collection is. Tells
  // whether there was anything new.
  core::Result<bool> ReadOn(store::Sql& sql, const store::CollectionRow& row);

  Index& index() { return index_; }
  // What `rows` of them take in memory, roughly.
  std::size_t BytesOf(std::size_t rows) const;
  std::atomic<std::uint64_t>& used() { return used_; }

 private:
  core::Status Take(const ChangedRow& row);

  const store::VectorShape shape_;
  Index index_;
  std::mutex reading_;
  std::atomic<std::int64_t> position_ = 0;  // the last change that is in the index
  std::atomic<std::uint64_t> used_ = 0;
};

}  // namespace signalbox::hnsw
