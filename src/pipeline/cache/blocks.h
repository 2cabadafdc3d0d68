// The memory of all entries: blocks of one size in a region of fixed size. What the cache holds can
// not exceed it, whatever is asked of it, and no block is ever lost to fragmentation.
//
// Owner:   Table. Threads: any; nobody waits for anybody.
// Errors:  Take is 0 when every block is held.
// Cancel:  nothing waits.
//
// A block is named by its number, from 1. An entry is a chain of blocks; its first one counts who
// holds it. The counts stand apart from the blocks, so that they can be looked at whatever the
// block is used for meanwhile: Hold fails for one that is not the first of a published entry.
#pragma once

#include "pipeline/cache/free_list.h"
#include "pipeline/cache/lazy_memory.h"

namespace signalbox::cache {

class Blocks {
 public:
  static constexpr std::size_t kSize = 512;    // bytes of a block
  static constexpr std::size_t kOverhead = 8;  // bytes beside it

  explicit Blocks(std::uint32_t count)
      : count_(count),
        notes_(std::size_t{count} * sizeof(Note)),
        bytes_(std::size_t{count} * kSize),
        free_(count) {}

  // A block to write to; 0: there is none.
  std::uint32_t Take() {
    return free_.Take([this](std::uint32_t block) -> auto& { return next(block); });
  }
  // Gives back a chain.
  void Give(std::uint32_t first, std::uint32_t last) {
    free_.Give(first, last, [this](std::uint32_t block) -> auto& { return next(block); });
  }

  char* At(std::uint32_t block) const { return bytes_.As<char>() + (block - 1) * kSize; }
  std::atomic<std::uint32_t>& next(std::uint32_t block) const { return NoteOf(block).next; }

  // From here on `block` can be held; `holders` do.
  void Publish(std::uint32_t block, std::uint32_t holders) {
    NoteOf(block).holders.store(holders, std::memory_order_release);
  }
  // One holder more; false when there is none left, or `block` starts no entry.
  bool Hold(std::uint32_t block) const {
    std::atomic<std::uint32_t>& holders = NoteOf(block).holders;
    std::uint32_t seen = holders.load(std::memory_order_relaxed);
    while (seen != 0) {
      if (holders.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }
  // One holder less; true: it was the last.
  bool LetGo(std::uint32_t block) const {
    return NoteOf(block).holders.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  std::uint32_t count() const { return count_; }

 private:
  struct Note {
    std::atomic<std::uint32_t> next;
    std::atomic<std::uint32_t> holders;
  };
  static_assert(sizeof(Note) == kOverhead);
  Note& NoteOf(std::uint32_t block) const { return notes_.As<Note>()[block - 1]; }

  const std::uint32_t count_;
  LazyMemory notes_;
  LazyMemory bytes_;
  FreeList free_;
};

}  // namespace signalbox::cache
