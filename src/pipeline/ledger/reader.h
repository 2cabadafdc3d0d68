// Reads a data directory's ledger from outside, while its program runs or not: the archive, then
// what still stands in the journals; each record once.
//
// Owner:   `signalbox ledger tail`, tests. Threads: one. Cancel: nothing to undo.
// Errors:  no ledger there, or the system's reason. Damaged stretches are skipped and counted.
//
// The journals are looked at before the archive, so that a record on its way from one to the other
// is seen at least once; its position says whether it was seen before.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/ledger/codec.h"
#include "pipeline/ledger/position.h"
#include "pipeline/ledger/segment.h"

namespace signalbox::ledger {

class Reader {
 public:
  explicit Reader(std::string data_directory) : data_directory_(std::move(data_directory)) {}

  // The record is valid during the visit.
  using Visit = std::function<void(const Record&)>;

  // Visits every record that was not visited before, and returns how many: call again to follow.
  core::Result<std::size_t> Poll(const Visit& visit);
  // Visits the last `count` records only; a first call, which reads as few segments as it needs.
  core::Result<std::size_t> Tail(std::size_t count, const Visit& visit);

  // Visits the records of one request, each once, oldest first; a first call. Reads the journals
  // and the archive from the request's own time on, to where each of its attempts is settled.
  core::Result<std::size_t> Find(core::RequestId request, const Visit& visit);

  // Visits the records behind `from`, each once: those of the archive, then what the journals hold
  // beyond it; a first call. From the begin of a segment on, also the intents that were open then.
  // Returns up to where the archive was read: with that, and whatever was made of the records until
  // then, the next one goes on. 10 million records in seconds (a goal).
  core::Result<Position> Since(Position from, const Visit& visit);

  std::uint64_t damaged_bytes() const { return damaged_bytes_; }

 private:
  struct Waiting {  // a record in a journal
    std::uint32_t journal = 0;
    std::uint64_t position = 0;
    std::vector<std::byte> bytes;
  };

  core::Result<std::vector<Waiting>> ReadJournals();
  core::Status ReadJournal(const std::string& path, bool live, std::vector<Waiting>& out);
  core::Result<std::size_t> ReadSegments(const Visit& visit);
  bool IsNew(const Frame& frame);

  const std::string data_directory_;
  std::uint32_t segment_ = 0;  // being read
  std::uint64_t offset_ = 0;   // in it
  std::unordered_map<std::uint32_t, std::uint64_t>
      seen_;  // per journal: the end of the last record
  std::uint64_t damaged_bytes_ = 0;
};

}  // namespace signalbox::ledger
