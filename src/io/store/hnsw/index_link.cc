// How rows get into the graph, and how a graph that holds too many dead ones is made anew.
#include "io/store/hnsw/index.h"

namespace signalbox::hnsw {

bool Index::WantsFresh() const {
  return graph_ && dead_ > by_id_.size() / 2 + options_.graph_from / 4;
}

bool Index::WantsLinking() const {
  const auto reading = lock_.Read();
  return !broken_ && (fresh_ || WantsFresh() || (graph_ && !tail_.empty()) ||
                      (!graph_ && by_id_.size() >= options_.graph_from));
}

bool Index::Link() {
  if (!WantsLinking()) {
    return false;
  }
  if (fresh_) {
    Relink();
    return true;
  }
  const auto writing = lock_.Write();
  if (WantsFresh()) {
    StartFresh();
  } else if (StartGraph()) {
    LinkNext();
  }
  return true;
}

bool Index::StartGraph() {
  if (!graph_) {
    auto made = MakeGraph(shape_);
    if (!made) {
      Break();
      return false;
    }
    graph_ = *std::move(made);
  }
  return true;
}

void Index::LinkNext() {
  if (tail_.empty()) {
    return;
  }
  const std::uint32_t slot = tail_.back();
  if (!graph_->Add(slab_.At(slot), slot)) {
    Break();
    return;
  }
  LeaveTail(slot);
  slots_[slot].linked = true;
}

void Index::StartFresh() {
  auto made = MakeGraph(shape_);
  if (!made) {
    Break();
    return;
  }
  fresh_ = *std::move(made);
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].live) {
      to_relink_.push_back(slot);
    }
  }
}

// Searches go on in the old graph, so nobody waits for this: only the marks are made alone. A row
// that dies while it is linked keeps its place and its numbers until the next fresh graph.
void Index::Relink() {
  if (to_relink_.empty()) {
    const auto writing = lock_.Write();
    TakeFresh();
    return;
  }
  const std::uint32_t slot = to_relink_.back();
  to_relink_.pop_back();
  const float* vector = nullptr;
  {
    const auto writing = lock_.Write();
    if (!slots_[slot].live) {
      return;
    }
    slots_[slot].relinked = true;
    vector = slab_.At(slot);
  }
  if (!fresh_->Add(vector, slot)) {
    const auto writing = lock_.Write();
    Break();
  }
}

void Index::TakeFresh() {
  graph_ = std::move(fresh_);
  dead_ = 0;
  tail_.clear();
  free_.clear();
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    Slot& row = slots_[slot];
    row.linked = row.relinked;
    row.relinked = false;
    row.tail_at = kNone;
    dead_ += row.linked && !row.live ? 1 : 0;
    if (row.live && !row.linked) {
      Append(slot);
    } else if (!row.live && !row.linked) {
      free_.push_back(slot);
    }
  }
}

// Without a graph, for good: all live rows are the tail.
void Index::Break() {
  broken_ = true;
  fresh_.reset();
  to_relink_.clear();
  for (Slot& row : slots_) {
    row.relinked = false;
  }
  TakeFresh();
}

}  // namespace signalbox::hnsw
