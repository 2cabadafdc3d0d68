// A circuit breaker: whether calls may go to something that has been failing.
//
// Owner:   Health: one for each provider, model and key. Threads: the worker's.
// Errors:  none. Cancel: Release gives back a probe that came to nothing.
//
//   closed     calls go. Opens after `failures` in a row, or at `failure_rate` of the window.
//   open       none go, for `open`; twice as long each time that it opens again before it has been
//              well for two such times, up to `open_max`.
//   half open  probes go: one, then one more at a time for each that succeeded. `probes` successes
//              close it, one failure opens it again.
//
// Why not simply 60 s: an outage that ends must be noticed within seconds when there is nothing
// else to send to, and a failing target must not be tried often when there is. So the open time
// doubles from short to 60 s, and whoever has no other way (Urgency::kLastWay) may probe once every
// `probe_every`, whatever the open time is: that request would have been refused otherwise.
#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/execution/options.h"
#include "pipeline/execution/sliding_counts.h"

namespace signalbox::execution {

enum class BreakerState : std::uint8_t { kClosed, kHalfOpen, kOpen };
std::string_view Name(BreakerState state);

enum class Urgency : std::uint8_t {
  kUsual,
  kLastWay,  // there is nothing else to try
};

class Breaker {
 public:
  // When a probe was let through; kNoProbe: the call is not a probe.
  using Ticket = core::MonoTime;
  static constexpr Ticket kNoProbe{};

  // The earliest moment at which a call may go: `now` or earlier means now, kNever that it depends
  // on the probes that are out.
  core::MonoTime AllowsAt(core::MonoTime now, Urgency urgency,
                          const BreakerOptions& options) const {
    return state_ == BreakerState::kClosed ? now : ProbeAt(now, urgency, options);
  }

  // A call goes; only when AllowsAt says now.
  Ticket Take(core::MonoTime now) {
    return state_ == BreakerState::kClosed ? kNoProbe : TakeProbe(now);
  }

  // What became of a call. Those that were sent before it opened, and probes of an earlier period,
  // change nothing; nor does a failure after which a newer probe was let through by the clock: it
  // tells of the time when it was sent.
  void Succeed(Ticket ticket, core::MonoTime now, const BreakerOptions& options);
  void Fail(Ticket ticket, core::MonoTime now, const BreakerOptions& options);
  void Release(Ticket ticket);

  // Opens now, whatever was counted.
  void Open(core::MonoTime now, const BreakerOptions& options);

  BreakerState state() const { return state_; }
  core::MonoTime open_until() const { return open_until_; }
  std::uint32_t failures_in_row() const { return in_row_; }
  const SlidingCounts& counts() const { return counts_; }

 private:
  core::MonoTime ProbeAt(core::MonoTime now, Urgency urgency, const BreakerOptions& options) const;
  Ticket TakeProbe(core::MonoTime now);
  bool Returns(Ticket ticket);
  bool HasFailedEnough(const BreakerOptions& options) const;
  void Close(core::MonoTime now);

  SlidingCounts counts_;  // calls; marked: failures
  core::MonoTime open_until_{};
  core::MonoTime half_open_since_{};
  core::MonoTime last_probe_{};  // or when it opened
  core::MonoTime closed_at_{};
  std::chrono::nanoseconds period_{0};  // how long it was open the last time
  std::uint32_t in_row_ = 0;
  std::uint32_t probing_ = 0;    // probes that are out
  std::uint32_t succeeded_ = 0;  // probes of this period
  BreakerState state_ = BreakerState::kClosed;
};

}  // namespace signalbox::execution
