// The one thread that moves records from the journals into the archive.
//
// Owner:   Ledger. Threads: it owns the reading side of every journal and the archive from Start to
//          Stop; the getters may be called from anywhere.
// Errors:  a disk that is full or read-only leaves the records in their rings, raises the alarm
//          once, is tried again every second and reported again when it works. A ring that fills
//          up meanwhile refuses new intents; nothing is dropped.
// Cancel:  Stop drains everything and returns; with a disk that does not work the records stay in
//          the rings, where the next process finds them.
//
// At start the records of earlier processes go first. What then has an intent and no settlement,
// nobody can settle any more: each is booked as `uncertain` in the archive, where its intent is. A
// kill on the way is harmless: a booked call is no longer open, the others are found again. While
// an earlier process still serves its last requests, nothing of it is booked.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "pipeline/ledger/archive.h"
#include "pipeline/ledger/journal.h"

namespace signalbox::ledger {

struct ArchiverOptions {
  std::chrono::milliseconds busy_interval{200};  // between two syncs while records come
  std::chrono::milliseconds idle_interval{500};  // while none come
  std::chrono::milliseconds retry_interval{1000};
  bool others_live = false;  // an earlier process still writes to journals of its own
  // The alarm: called on the archiver's thread with the error, and with nullptr when it is over.
  std::function<void(const core::Error*)> on_alarm;
};

class Archiver {
 public:
  Archiver(Archive& archive, std::vector<Journal*> journals, ArchiverOptions options);
  ~Archiver();  // Stop

  void Start();
  void Stop();
  // Waits until earlier processes' records are archived and their open calls booked; false when
  // `limit` ran out first.
  bool WaitRecovered(std::chrono::milliseconds limit);

  bool failing() const { return failing_.load(std::memory_order_relaxed); }
  std::uint64_t failures() const { return failures_.load(std::memory_order_relaxed); }
  std::uint64_t archived_bytes() const { return archived_bytes_.load(std::memory_order_relaxed); }
  // Calls of earlier processes booked as uncertain.
  std::uint64_t booked_uncertain() const { return booked_.load(std::memory_order_relaxed); }

 private:
  void Run();
  core::Result<std::uint64_t> TryTurn();
  core::Result<std::uint64_t> Turn();
  core::Result<std::uint64_t> Move(bool earlier_only);
  core::Status Recover();
  core::Status BookUncertain();
  bool IsOurs(const Origin& origin) const;
  void Report(const core::Status& status);
  bool SleepFor(std::chrono::milliseconds interval);

  Archive& archive_;
  const std::vector<Journal*> journals_;
  const ArchiverOptions options_;
  bool recovered_ = false;   // the thread's own
  bool broken_off_ = false;  // the thread's own: what was appended last does not count

  std::atomic<bool> failing_{false};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> archived_bytes_{0};
  std::atomic<std::uint64_t> booked_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;            // under mutex_
  bool said_recovered_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace signalbox::ledger
