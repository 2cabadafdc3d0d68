#include "pipeline/cache/table.h"

#include <algorithm>
#include <bit>

namespace signalbox::cache {
namespace {

constexpr std::uint64_t kOneEntry = std::uint64_t{1} << 32;
constexpr std::uint64_t kBlockBytes = Blocks::kSize + Blocks::kOverhead;
constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 31;

std::uint32_t BlockOf(std::uint64_t slot) {
  return static_cast<std::uint32_t>(slot);
}

}  // namespace

// More slots than there can be entries, so that few buckets are ever full.
Table::Layout Table::LayOut(const TableLimits& limits) {
  const std::uint64_t all = std::clamp<std::uint64_t>(limits.bytes / kBlockBytes, 16, kMostBlocks);
  const std::uint64_t most = limits.entries == 0 ? all : std::min(all, 2 * limits.entries);
  const std::uint64_t buckets = std::bit_ceil(most / kSlots + 1);
  const std::uint64_t left = limits.bytes - std::min(limits.bytes, buckets * sizeof(Bucket));
  const std::uint64_t blocks = std::clamp<std::uint64_t>(left / kBlockBytes, 8, kMostBlocks);
  return {static_cast<std::uint32_t>(buckets), static_cast<std::uint32_t>(blocks)};
}

Table::Table(const TableLimits& limits) : Table(limits, LayOut(limits)) {}

Table::Table(const TableLimits& limits, const Layout& layout)
    : most_entries_(limits.entries == 0 ? kMostBlocks : limits.entries),
      mask_(layout.buckets - 1),
      blocks_(layout.blocks),
      buckets_(std::size_t{layout.buckets} * sizeof(Bucket)) {}

std::uint64_t Table::bytes() const {
  const std::uint64_t blocks = live_.load(std::memory_order_relaxed) & (kOneEntry - 1);
  return blocks * kBlockBytes + (blocks == 0 ? 0 : buckets_.bytes());
}

// The entry that `slot` still names.
Entry Table::Hold(const std::atomic<std::uint64_t>& slot, std::uint64_t seen) {
  if (!blocks_.Hold(BlockOf(seen))) {
    return {};
  }
  Entry entry(blocks_, BlockOf(seen));
  return slot.load(std::memory_order_acquire) == seen ? std::move(entry) : Entry();
}

Entry Table::Find(const Digest& key, core::MonoTime now) {
  Bucket& bucket = BucketOf(key);
  for (std::size_t i = 0; i < kSlots; ++i) {
    const std::uint64_t seen = bucket.slots[i].load(std::memory_order_acquire);
    if (!IsOf(seen, key)) {
      continue;
    }
    Entry entry = Hold(bucket.slots[i], seen);
    if (!entry || entry.facts().key != key) {
      continue;
    }
    if (entry.facts().expires <= now) {
      Empty(bucket.slots[i], seen);
      return {};
    }
    const std::uint8_t credit = bucket.credits[i].load(std::memory_order_relaxed);
    if (credit < kMostCredit) {
      bucket.credits[i].store(credit + 1, std::memory_order_relaxed);
    }
    return entry;
  }
  return {};
}

// Where an answer goes: over the one of its digest, into a free slot, or over the one that is
// missed least.
std::size_t Table::ChoosePlace(const Bucket& bucket, const Digest& key) const {
  std::size_t place = 0;
  int least = kMostCredit + 1;
  for (std::size_t i = 0; i < kSlots; ++i) {
    const std::uint64_t seen = bucket.slots[i].load(std::memory_order_relaxed);
    if (IsOf(seen, key)) {
      return i;
    }
    const int credit = seen == 0 ? -1 : bucket.credits[i].load(std::memory_order_relaxed);
    if (credit < least) {
      least = credit;
      place = i;
    }
  }
  return place;
}

Entry Table::Insert(std::uint32_t first) {
  Entry entry(blocks_, first);
  const Digest& key = entry.facts().key;
  Bucket& bucket = BucketOf(key);
  const std::uint64_t slot = SlotOf(key, first);
  live_.fetch_add(kOneEntry + entry.blocks(), std::memory_order_relaxed);
  for (int tries = 0; tries < 3; ++tries) {
    const std::size_t place = ChoosePlace(bucket, key);
    std::uint64_t seen = bucket.slots[place].load(std::memory_order_relaxed);
    if (!bucket.slots[place].compare_exchange_strong(seen, slot, std::memory_order_acq_rel)) {
      continue;
    }
    bucket.credits[place].store(1, std::memory_order_relaxed);
    if (seen != 0) {
      LetGo(BlockOf(seen));
      evictions_.fetch_add(IsOf(seen, key) ? 0 : 1, std::memory_order_relaxed);
    }
    std::uint32_t visits = kMostVisits;
    while (entries() > most_entries_ && EvictOne(visits)) {
    }
    return entry;
  }
  LetGo(first);  // others fill this bucket all the time; whoever waits for the answer gets it
  return entry;
}

// The table's own hold of an entry that no slot names any more.
void Table::LetGo(std::uint32_t first) {
  const Entry entry(blocks_, first);
  live_.fetch_sub(kOneEntry + entry.blocks(), std::memory_order_relaxed);
}

bool Table::Empty(std::atomic<std::uint64_t>& slot, std::uint64_t seen) {
  if (!slot.compare_exchange_strong(seen, 0, std::memory_order_acq_rel)) {
    return false;
  }
  LetGo(BlockOf(seen));
  return true;
}

bool Table::EvictOne(std::uint32_t& visits) {
  for (; visits > 0; --visits) {
    Bucket& bucket = buckets_.As<Bucket>()[hand_.fetch_add(1, std::memory_order_relaxed) & mask_];
    for (std::size_t i = 0; i < kSlots; ++i) {
      const std::uint64_t seen = bucket.slots[i].load(std::memory_order_relaxed);
      if (seen == 0) {
        continue;
      }
      const std::uint8_t credit = bucket.credits[i].load(std::memory_order_relaxed);
      if (credit > 0) {
        bucket.credits[i].store(credit - 1, std::memory_order_relaxed);
      } else if (Empty(bucket.slots[i], seen)) {
        evictions_.fetch_add(1, std::memory_order_relaxed);
        return true;
      }
    }
  }
  return false;
}

std::uint32_t Table::TakeBlock(std::uint32_t& visits) {
  std::uint32_t block = blocks_.Take();
  while (block == 0 && EvictOne(visits)) {
    block = blocks_.Take();
  }
  return block;
}

std::size_t Table::Remove(const std::function<bool(const Entry&)>& which) {
  std::size_t removed = 0;
  for (std::uint64_t b = 0; b <= mask_; ++b) {
    for (std::atomic<std::uint64_t>& slot : buckets_.As<Bucket>()[b].slots) {
      const std::uint64_t seen = slot.load(std::memory_order_acquire);
      const Entry entry = seen == 0 ? Entry() : Hold(slot, seen);
      removed += entry && which(entry) && Empty(slot, seen) ? 1 : 0;
    }
  }
  return removed;
}

}  // namespace signalbox::cache
