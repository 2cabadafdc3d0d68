// An answer on its way into the cache: written piece by piece, seen by nobody until it is
// published.
//
// Owner:   the run whose answer it is. Threads: one.
// Errors:  Append is false from the first piece on that does not fit: the answer is too long, or
// all
//          memory is held. What was taken is given back.
// Cancel:  a draft that is dropped gives everything back.
#pragma once

#include "pipeline/cache/entry.h"

namespace signalbox::cache {

class Table;

class Draft {
 public:
  // `most`: bytes of a body.
  Draft(Table& table, const EntryTexts& texts, std::uint64_t most);
  Draft(Draft&& other) noexcept;
  Draft& operator=(Draft&&) = delete;
  ~Draft() { GiveBack(); }

  bool Append(std::string_view bytes);
  bool fits() const { return first_ != 0; }

  // Puts the answer into the table, in the place of an older one of the same key. Needs fits().
  Entry Publish(const EntryFacts& facts) &&;

 private:
  EntryHead& head() const;
  bool Grow();
  void GiveBack();

  Table& table_;
  std::uint64_t most_;
  std::uint64_t bytes_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
  std::uint32_t blocks_ = 0;
  std::uint32_t visits_;  // that may still be paid with for room
  std::size_t used_ = 0;  // bytes of the last block
};

}  // namespace signalbox::cache
