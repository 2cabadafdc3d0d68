// The one thread that moves settled calls from the archive into the store.
//
// Owner:   app/; ends before the Ledger whose progress it is told. Threads: it reads the archive's
//          files and writes into the store from Start to Stop; the getters may be called from
//          anywhere. It runs at a low priority, so that requests go first.
// Errors:  a store that cannot be reached is logged once and tried again with growing pauses;
//          the archive keeps what is not shipped, and the log says when it works again. Nothing is
//          ever dropped.
// Cancel:  Stop ends after the batch in hand; a kill at any moment loses and doubles nothing.
//
// The cursor is in the store, in the same transaction as the rows. Memory is one batch, however
// large the backlog is.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "io/store/sql.h"
#include "pipeline/ledger/archive_id.h"
#include "pipeline/ledger/batch.h"
#include "pipeline/ledger/follower.h"

namespace signalbox::ledger {

struct ShipperOptions {
  std::uint32_t batch = 10'000;                // records in one transaction at most
  std::chrono::milliseconds interval{500};     // between two looks while there is little to ship
  std::chrono::milliseconds retry_first{250};  // after a failure; doubles up to
  std::chrono::milliseconds retry_last{10'000};
  std::int32_t niceness = 10;  // of the thread: 0 is that of the workers
};

// What waits to be shipped.
struct Backlog {
  std::uint64_t bytes = 0;    // of the archive
  std::uint64_t records = 0;  // about, by the mean size so far
  core::WallTime oldest{};    // when the oldest of them was settled; the epoch: none waits
};

class Shipper {
 public:
  // `directory` is the ledger's (LedgerDirectory); `progress` that of its Ledger.
  Shipper(store::Sql& sql, std::string directory, ArchiveProgress& progress,
          ShipperOptions options);
  ~Shipper();  // Stop

  void Start();
  void Stop();
  // Ships everything that the archive holds now, on the caller's thread; before Start, in tests and
  // tools.
  core::Result<std::uint64_t> ShipAll();

  Backlog backlog() const;
  bool failing() const { return failing_.load(std::memory_order_relaxed); }
  std::uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }
  std::uint64_t shipped() const { return shipped_.load(std::memory_order_relaxed); }  // records

 private:
  void Run();
  core::Result<bool> TryTurn();
  core::Result<bool> Turn();
  core::Status Begin();
  core::Status Fill(Position until);
  core::Status ShipBatch();
  core::Status MakePartsOf(std::span<const Record> records);
  std::uint64_t BytesBehind(Position until) const;
  void Measure(Position until);
  void Report(const core::Status& status);
  bool SleepFor(std::chrono::milliseconds interval);

  store::Sql& sql_;
  const std::string directory_;
  ArchiveProgress& progress_;
  const ShipperOptions options_;

  // The thread's own.
  ArchiveId archive_;
  std::optional<Follower> follower_;
  Batch batch_;
  bool batch_filled_ = false;
  bool begun_ = false;
  std::uint64_t read_bytes_ = 0;
  std::uint64_t read_records_ = 0;
  std::uint32_t failed_in_a_row_ = 0;
  std::int64_t parts_from_ = std::numeric_limits<std::int64_t>::max();  // days, see partitions.h
  std::int64_t parts_to_ = 0;

  std::atomic<bool> failing_{false};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> shipped_{0};
  std::atomic<std::uint64_t> backlog_bytes_{0};
  std::atomic<std::uint64_t> backlog_records_{0};
  std::atomic<std::int64_t> oldest_ns_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace signalbox::ledger
