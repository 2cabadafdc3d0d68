#include "io/store/hnsw/index.h"

namespace signalbox::hnsw {

void Index::Put(std::string_view id, std::int64_t change, std::span<const float> vector,
                store::Metadata metadata) {
  const auto writing = lock_.Write();
  if (const auto known = by_id_.find(id); known != by_id_.end()) {
    if (slots_[known->second].change >= change) {
      return;
    }
    Kill(known->second);
  }
  const std::uint32_t slot = TakeSlot();
  slab_.Put(slot, vector);
  Slot& row = slots_[slot];
  row.id = id;
  row.metadata = std::move(metadata);
  row.change = change;
  row.live = true;
  by_id_.emplace(row.id, slot);
  ++live_;
  Append(slot);
}

void Index::Remove(std::string_view id) {
  const auto writing = lock_.Write();
  if (const auto known = by_id_.find(id); known != by_id_.end()) {
    Kill(known->second);
  }
}

void Index::KeepOnly(const std::unordered_set<std::string>& ids) {
  const auto writing = lock_.Write();
  for (std::uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (slots_[slot].live && !ids.contains(slots_[slot].id)) {
      Kill(slot);
    }
  }
}

std::size_t Index::linked() const {
  const auto reading = lock_.Read();
  return graph_ ? graph_->size() : 0;
}

std::uint32_t Index::TakeSlot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

void Index::Kill(std::uint32_t slot) {
  Slot& row = slots_[slot];
  by_id_.erase(row.id);
  row.id.clear();
  row.metadata.clear();
  row.live = false;
  --live_;
  LeaveTail(slot);
  dead_ += row.linked ? 1 : 0;
  if (!row.linked && !row.relinked) {
    free_.push_back(slot);
  }
}

void Index::Append(std::uint32_t slot) {
  slots_[slot].tail_at = static_cast<std::uint32_t>(tail_.size());
  tail_.push_back(slot);
}

void Index::LeaveTail(std::uint32_t slot) {
  const std::uint32_t at = slots_[slot].tail_at;
  if (at == kNone) {
    return;
  }
  tail_[at] = tail_.back();
  slots_[tail_[at]].tail_at = at;
  tail_.pop_back();
  slots_[slot].tail_at = kNone;
}

}  // namespace signalbox::hnsw
