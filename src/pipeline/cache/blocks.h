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
  static constexpr std::size_t kSize = 512;     // bytes of a block
  static constexpr std::size_t kOverhead = 16;  // bytes beside it

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

  // From here on `first` can be held; `holders` do. Its chain is of `length` blocks up to `last`.
  void Publish(std::uint32_t first, std::uint32_t last, std::uint32_t length,
               std::uint32_t holders) {
    Note& note = NoteOf(first);
    note.last = last;
    note.length = length;
    note.holders.store(holders, std::memory_order_release);
  }
  // Of the chain of one that is held.
  std::uint32_t length(std::uint32_t first) const { return NoteOf(first).length; }
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
  // One holder less; with the last one the chain is free.
  void LetGo(std::uint32_t first) {
    Note& note = NoteOf(first);
    if (note.holders.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Give(first, note.last);
    }
  }

  std::uint32_t count() const { return count_; }

 private:
  struct Note {
    std::atomic<std::uint32_t> next;
    std::atomic<std::uint32_t> holders;
    std::uint32_t last;  // of the chain that begins here
    std::uint32_t length;
  };
  static_assert(sizeof(Note) == kOverhead);
  Note& NoteOf(std::uint32_t block) const { return notes_.As<Note>()[block - 1]; }

  const std::uint32_t count_;
  LazyMemory notes_;
  LazyMemory bytes_;
  FreeList free_;
};

}  // namespace signalbox::cache
