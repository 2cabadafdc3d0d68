// All stored answers of the process, by digest, in memory of a fixed size.
//
// Owner:   ExactCache. Threads: any; nobody waits for anybody.
// Errors:  none; an answer that finds no place is not kept.
// Cancel:  nothing waits.
// Budget:  Find 60 ns; Insert 60 ns beside the copying.
//
// A bucket is a cache line: seven slots, each a block's number with 32 bits of the digest, and a
// credit for each. A reader takes a hold of the block that a slot names, then compares the whole
// digest: what was replaced meanwhile either cannot be held or does not compare equal, and memory
// never goes away. When blocks run out, a hand goes round the buckets, takes a credit from each
// answer and lets go those that have none (CLOCK, an LRU that also lets go what was asked for only
// once before what was asked for again).
#pragma once

#include <functional>

#include "pipeline/cache/entry.h"

namespace signalbox::cache {

struct TableLimits {
  std::uint64_t bytes = 0;    // of everything, the table itself included
  std::uint64_t entries = 0;  // 0: as many as the bytes allow
};

class Table {
 public:
  // Buckets that are looked at in search of room for one answer.
  static constexpr std::uint32_t kMostVisits = 2048;

  explicit Table(const TableLimits& limits);

  // The answer of that digest; empty: there is none, or its time is over.
  Entry Find(const Digest& key, core::MonoTime now);
  // Lets go every answer for which `which` says so; tells how many. Takes its time.
  std::size_t Remove(const std::function<bool(const Entry&)>& which);

  std::uint64_t entries() const { return live_.load(std::memory_order_relaxed) >> 32; }
  // Of all answers that can be found, and of what leads to them.
  std::uint64_t bytes() const;
  std::uint64_t evictions() const { return evictions_.load(std::memory_order_relaxed); }

  // For Draft.
  Blocks& blocks() { return blocks_; }
  // A block, for which answers are let go if need be; `visits` are paid with. 0: there is none.
  std::uint32_t TakeBlock(std::uint32_t& visits);
  // `first` begins a whole entry that is held for the table and for the caller.
  Entry Insert(std::uint32_t first);

 private:
  static constexpr std::size_t kSlots = 7;
  static constexpr std::uint8_t kMostCredit = 3;
  struct alignas(64) Bucket {
    std::array<std::atomic<std::uint64_t>, kSlots> slots;
    std::array<std::atomic<std::uint8_t>, 8> credits;
  };
  static_assert(sizeof(Bucket) == 64);
  struct Layout {
    std::uint32_t buckets;
    std::uint32_t blocks;
  };

  static Layout LayOut(const TableLimits& limits);
  Table(const TableLimits& limits, const Layout& layout);
  Bucket& BucketOf(const Digest& key) const { return buckets_.As<Bucket>()[key.words[0] & mask_]; }
  // What stands in a slot for a block.
  static std::uint64_t SlotOf(const Digest& key, std::uint32_t first) {
    return (key.words[1] & 0xffffffff00000000) | first;
  }
  static bool IsOf(std::uint64_t slot, const Digest& key) {
    return (slot ^ key.words[1]) >> 32 == 0 && slot != 0;
  }

  Entry Hold(const std::atomic<std::uint64_t>& slot, std::uint64_t seen);
  std::size_t ChoosePlace(const Bucket& bucket, const Digest& key) const;
  bool Empty(std::atomic<std::uint64_t>& slot, std::uint64_t seen);
  void LetGo(std::uint32_t first);
  bool EvictOne(std::uint32_t& visits);

  const std::uint64_t most_entries_;
  const std::uint64_t mask_;
  Blocks blocks_;
  LazyMemory buckets_;
  alignas(64) std::atomic<std::uint64_t> live_{0};  // entries, and in the lower half their blocks
  alignas(64) std::atomic<std::uint32_t> hand_{0};
  std::atomic<std::uint64_t> evictions_{0};
};

}  // namespace signalbox::cache
