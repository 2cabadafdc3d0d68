#include "pipeline/ledger/open_intents.h"

#include <algorithm>

namespace signalbox::ledger {
namespace {

constexpr std::size_t kSmallest = 64;  // a power of two

}  // namespace

// Request ids end in random bits; the multiplication spreads those of tests that do not.
std::size_t OpenIntents::Home(const CallKey& key) const {
  const std::uint64_t mixed = (key.low ^ (key.high * 3) ^ key.attempt) * 0x9e3779b97f4a7c15ULL;
  return (mixed >> 20U) & (table_.size() - 1);
}

// The entry of `key`, or the empty one where it belongs.
std::size_t OpenIntents::Find(const CallKey& key) const {
  std::size_t at = Home(key);
  while (table_[at].eighth != 0 && table_[at].key != key) {
    at = (at + 1) & (table_.size() - 1);
  }
  return at;
}

void OpenIntents::Add(const CallKey& key, std::uint64_t offset) {
  if (2 * (size_ + 1) > table_.size()) {
    Grow();
  }
  Entry& entry = table_[Find(key)];
  size_ += entry.eighth == 0 ? 1 : 0;
  entry = {key, static_cast<std::uint32_t>(offset / 8)};
}

// Linear probing: what follows the hole moves up where its home allows it.
void OpenIntents::Remove(const CallKey& key) {
  if (size_ == 0) {
    return;
  }
  std::size_t hole = Find(key);
  if (table_[hole].eighth == 0) {
    return;
  }
  --size_;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = (hole + 1) & mask; table_[at].eighth != 0; at = (at + 1) & mask) {
    const std::size_t home = Home(table_[at].key);
    if (((at - home) & mask) >= ((at - hole) & mask)) {
      table_[hole] = table_[at];
      hole = at;
    }
  }
  table_[hole].eighth = 0;
}

void OpenIntents::Clear() {
  table_.clear();
  size_ = 0;
}

void OpenIntents::Grow() {
  std::vector<Entry> old(std::max(kSmallest, 2 * table_.size()));
  old.swap(table_);
  for (const Entry& entry : old) {
    if (entry.eighth != 0) {
      table_[Find(entry.key)] = entry;
    }
  }
}

std::vector<std::uint64_t> OpenIntents::Offsets() const {
  std::vector<std::uint64_t> offsets;
  offsets.reserve(size_);
  for (const Entry& entry : table_) {
    if (entry.eighth != 0) {
      offsets.push_back(std::uint64_t{entry.eighth} * 8);
    }
  }
  std::ranges::sort(offsets);
  return offsets;
}

}  // namespace signalbox::ledger
