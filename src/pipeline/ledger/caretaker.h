// Removes what is too old from the store, hour by hour, on a thread of its own.
//
// Owner:   app/; ends before the store. Threads: its own from Start to Stop, at a low priority.
// Errors:  logged once until it works again. Cancel: Stop ends after the step in hand.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "pipeline/ledger/retention.h"

namespace signalbox::ledger {

struct CaretakerOptions {
  RetentionOptions retention;
  std::chrono::milliseconds interval{std::chrono::minutes(10)};  // between two rounds
  std::chrono::milliseconds pause{20};  // between two steps, for those who wait
  std::int32_t niceness = 15;
  // Called after a round that removed something, for the audit trail.
  std::function<void(const Removed&)> on_removed;
};

class Caretaker {
 public:
  Caretaker(store::Sql& sql, CaretakerOptions options);
  ~Caretaker();  // Stop

  void Start();
  void Stop();
  // Other ages hold from the next round on. Any thread.
  void Adopt(const RetentionOptions& retention, core::WallTime now);
  // From when on rollups are there: by the ages that hold, and as earlier ones have left them. Any
  // thread.
  Kept kept(core::WallTime now) const;
  // Everything that is too old at `now`, on the caller's thread.
  core::Result<Removed> Round(core::WallTime now);

 private:
  void Run();
  RetentionOptions retention() const;
  core::Status FindWhatIsLeft();
  bool SleepFor(std::chrono::milliseconds time);

  store::Sql& sql_;
  const CaretakerOptions options_;
  mutable std::mutex mutex_;
  RetentionOptions retention_;  // under mutex_
  Kept left_;                   // the same: what longer ages cannot bring back
  std::condition_variable wake_;
  bool stop_ = false;  // under mutex_
  std::thread thread_;
};

}  // namespace signalbox::ledger
