// The rows of one collection in memory, and the search in them. Rows are found from the moment they
// are put: those that are not yet in the graph are compared one by one.
//
// Owner:   a Follower, and the Linker while it works on it.
// Threads: Search, live: any. Put, Remove, KeepOnly: one at a time. Link: one at a time, beside the
//          others.
//          A search waits for one row that is put or linked, and these for searches under way.
// Errors:  kUnavailable: no memory. A graph that fails is left, and all rows are compared.
// Cancel:  nothing to undo.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "io/store/hnsw/distance.h"
#include "io/store/hnsw/graph.h"
#include "io/store/hnsw/slab.h"
#include "io/store/hnsw/turnstile.h"

namespace signalbox::hnsw {

struct IndexOptions {
  std::size_t graph_from = 4096;  // rows; fewer are compared one by one
  std::size_t width = 200;        // least one of a search in the graph
};

class Index {
 public:
  Index(const store::VectorShape& shape, const IndexOptions& options)
      : shape_(shape), options_(options), slab_(shape.dimension) {}

  // `vector` is ready (ReadyVector). Does nothing when this change, or a later one, is there.
  void Put(std::string_view id, std::int64_t change, std::span<const float> vector,
           store::Metadata metadata);
  void Remove(std::string_view id);
  void KeepOnly(const std::unordered_set<std::string>& ids);

  core::Result<std::vector<store::VectorHit>> Search(std::span<const float> vector,
                                                     const store::VectorQuery& query) const;

  // Does a step of what there is to do for the graph; whether there was anything.
  bool Link();
  bool WantsLinking() const;

  std::size_t live() const { return live_; }
  std::size_t linked() const;  // in the graph, rows that went since included

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // A place for a row. It is used again when it is in no graph.
  struct Slot {
    std::string id;
    store::Metadata metadata;
    std::int64_t change = 0;
    std::uint32_t tail_at = kNone;  // where it stands in tail_
    bool live = false;
    bool linked = false;    // in graph_
    bool relinked = false;  // in fresh_
  };
  struct Best;  // see index_search.cc

  std::uint32_t TakeSlot();
  void Kill(std::uint32_t slot);
  void Append(std::uint32_t slot);
  void LeaveTail(std::uint32_t slot);
  bool WantsFresh() const;
  bool StartGraph();
  void LinkNext();
  void Relink();
  void StartFresh();
  void TakeFresh();
  void Break();

  bool SearchGraph(Best& best) const;
  void Compare(std::uint32_t slot, Best& best) const;

  const store::VectorShape shape_;
  const IndexOptions options_;
  mutable Turnstile lock_;
  Slab slab_;
  std::deque<Slot> slots_;
  std::unordered_map<std::string_view, std::uint32_t> by_id_;  // views of the slots' ids
  std::vector<std::uint32_t> tail_;                            // live and not in graph_
  std::vector<std::uint32_t> free_;
  std::size_t dead_ = 0;  // in graph_ and not live
  std::unique_ptr<Graph> graph_;
  std::atomic<std::size_t> live_ = 0;
  bool broken_ = false;

  // The graph that takes the place of one with too many dead rows; Link's alone.
  std::unique_ptr<Graph> fresh_;
  std::vector<std::uint32_t> to_relink_;
};

}  // namespace signalbox::hnsw
