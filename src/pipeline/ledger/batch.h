// Settlements on their way into the store, held in memory of a fixed bound: as much as there is to
// hold, and little between two of them.
//
// Owner:   a Shipper. Threads: one. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "pipeline/ledger/codec.h"
#include "pipeline/ledger/position.h"

namespace signalbox::ledger {

class Batch {
 public:
  explicit Batch(std::size_t most_records);

  // Takes a frame's record when it is a settlement; others are let go by. Not when full(). Texts
  // that no database takes (labels are what a caller sent) get U+FFFD in place of what is wrong.
  void Take(const Frame& frame);
  bool full() const;
  void Clear();

  // Views of this batch, until Clear.
  std::span<const Record> records() const { return records_; }

  Position begin;  // the stretch of the archive that it is
  Position end;

 private:
  std::span<const std::byte> Keep(std::span<const std::byte> bytes);
  void Mend(std::string_view& text);

  const std::size_t most_records_;
  std::vector<std::unique_ptr<std::byte[]>> blocks_;  // of the frames, which never move
  std::size_t left_ = 0;                              // bytes of the last block
  std::size_t bytes_ = 0;                             // in all
  std::vector<Record> records_;
  std::deque<std::string> mended_;
};

}  // namespace signalbox::ledger
