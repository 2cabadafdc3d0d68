// The search: in the graph, ever wider until enough rows pass, and one by one among the rest.
#include <algorithm>

#include "io/store/hnsw/index.h"

namespace signalbox::hnsw {

// The nearest that were found so far.
struct Index::Best {
  const float* vector;
  const store::VectorQuery& query;
  Distance distance;
  float farthest;                // what is beyond is not similar enough
  std::vector<Near> found = {};  // a heap of up to k, the farthest first

  static bool Nearer(const Near& a, const Near& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.slot < b.slot;
  }
  bool full() const { return found.size() == query.k; }
  bool Takes(float at) const { return at <= farthest && (!full() || at <= found.front().distance); }
  void Add(const Near& near) {
    found.push_back(near);
    std::ranges::push_heap(found, Nearer);
    if (found.size() > query.k) {
      std::ranges::pop_heap(found, Nearer);
      found.pop_back();
    }
  }
};

void Index::Compare(std::uint32_t slot, Best& best) const {
  const Slot& row = slots_[slot];
  if (!row.live) {
    return;
  }
  const float distance = best.distance(best.vector, slab_.At(slot), shape_.dimension);
  if (best.Takes(distance) && store::Matches(best.query.filter, row.metadata)) {
    best.Add({distance, slot});
  }
}

// Whether the nearest in the graph are found. When so many candidates have to be looked at that the
// graph saves nothing, they are not.
bool Index::SearchGraph(Best& best) const {
  const std::size_t size = graph_->size();
  for (std::size_t width = std::max(options_.width, 2 * best.query.k); width <= size / 4;
       width *= 4) {
    const auto near = graph_->Nearest(best.vector, width);
    if (!near || near->size() < width) {  // parts of it are out of reach
      return false;
    }
    best.found.clear();
    float last = near->front().distance;
    for (const Near& one : *near) {
      last = std::max(last, one.distance);
      const Slot& row = slots_[one.slot];
      if (row.live && best.Takes(one.distance) && store::Matches(best.query.filter, row.metadata)) {
        best.Add(one);
      }
    }
    if (best.full() || last > best.farthest) {
      return true;
    }
  }
  return false;
}

core::Result<std::vector<store::VectorHit>> Index::Search(std::span<const float> vector,
                                                          const store::VectorQuery& query) const {
  Best best{.vector = vector.data(),
            .query = query,
            .distance = DistanceOf(shape_.metric),
            .farthest = FarthestOf(shape_.metric, query.least)};
  std::vector<store::VectorHit> hits;
  {
    const auto reading = lock_.Read();
    if (graph_ && SearchGraph(best)) {
      for (const std::uint32_t slot : tail_) {
        Compare(slot, best);
      }
    } else {
      best.found.clear();
      for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
        Compare(slot, best);
      }
    }
    for (const Near& near : best.found) {
      const Slot& row = slots_[near.slot];
      hits.push_back(
          {row.id, Similarity(shape_.metric, vector.data(), slab_.At(near.slot), shape_.dimension),
           row.metadata});
    }
  }
  store::RankHits(hits, query.k, query.least);
  return hits;
}

}  // namespace signalbox::hnsw
