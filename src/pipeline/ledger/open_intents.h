// The calls that have an intent and no settlement yet, with where in the current segment each
// intent stands. A flat table, because every archived record passes through it.
//
// Owner: an Archive. Threads: the archiver's. Errors, Cancel: none.
// Budget: 20 ns per record.
#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/ledger/codec.h"

namespace signalbox::ledger {

class OpenIntents {
 public:
  // `offset` in the segment: a multiple of 8, not 0, below 32 GiB.
  void Add(const CallKey& key, std::uint64_t offset);
  void Remove(const CallKey& key);
  void Clear();

  std::size_t size() const { return size_; }
  // Offsets of all intents, ascending.
  std::vector<std::uint64_t> Offsets() const;

 private:
  struct Entry {
    CallKey key;
    std::uint32_t eighth = 0;  // offset / 8; 0: empty
  };

  std::size_t Home(const CallKey& key) const;
  std::size_t Find(const CallKey& key) const;
  void Grow();

  std::vector<Entry> table_;
  std::size_t size_ = 0;
};

}  // namespace signalbox::ledger
