#include "pipeline/execution/breaker.h"

#include <algorithm>

namespace signalbox::execution {

using core::MonoTime;

std::string_view Name(BreakerState state) {
  switch (state) {
    case BreakerState::kClosed:
      return "closed";
    case BreakerState::kHalfOpen:
      return "half_open";
    case BreakerState::kOpen:
      return "open";
  }
  return "closed";
}

MonoTime Breaker::ProbeAt(MonoTime now, Urgency urgency, const BreakerOptions& options) const {
  MonoTime at = open_until_;
  if (state_ == BreakerState::kHalfOpen) {
    at = probing_ < 1 + succeeded_ ? now : core::kNever;
  }
  // By the clock and not by the probes that are out: one that hangs must not hide a recovery.
  return urgency == Urgency::kLastWay ? std::min(at, last_probe_ + options.probe_every) : at;
}

Breaker::Ticket Breaker::TakeProbe(MonoTime now) {
  if (state_ == BreakerState::kOpen) {
    state_ = BreakerState::kHalfOpen;
    half_open_since_ = now;
    probing_ = 0;
    succeeded_ = 0;
  }
  ++probing_;
  last_probe_ = now;
  return now;
}

// Whether `ticket` is of a probe that still counts; it is back then.
bool Breaker::Returns(Ticket ticket) {
  if (ticket == kNoProbe || state_ != BreakerState::kHalfOpen || ticket < half_open_since_) {
    return false;
  }
  --probing_;
  return true;
}

void Breaker::Succeed(Ticket ticket, MonoTime now, const BreakerOptions& options) {
  if (state_ == BreakerState::kClosed) {
    in_row_ = 0;
    counts_.Add(now, options.window);
  } else if (Returns(ticket) && ++succeeded_ >= options.probes) {
    Close(now);
  }
}

void Breaker::Fail(Ticket ticket, MonoTime now, const BreakerOptions& options) {
  if (state_ == BreakerState::kClosed) {
    counts_.AddMarked(now, options.window);
    ++in_row_;
    if (HasFailedEnough(options)) {
      Open(now, options);
    }
  } else if (Returns(ticket) && ticket + options.probe_every > last_probe_) {
    Open(now, options);
  }
}

void Breaker::Release(Ticket ticket) {
  Returns(ticket);
}

bool Breaker::HasFailedEnough(const BreakerOptions& options) const {
  const auto calls = static_cast<double>(counts_.all());
  return in_row_ >= options.failures ||
         (counts_.all() >= options.min_calls &&
          static_cast<double>(counts_.marked()) >= options.failure_rate * calls);
}

void Breaker::Open(MonoTime now, const BreakerOptions& options) {
  const bool was_well = state_ == BreakerState::kClosed && now - closed_at_ >= 2 * period_;
  period_ = was_well ? options.open : std::max(options.open, 2 * period_);
  period_ = std::min(period_, std::max(options.open, options.open_max));
  state_ = BreakerState::kOpen;
  open_until_ = now + period_;
  last_probe_ = now;
  in_row_ = 0;
  counts_.Clear();
}

void Breaker::Close(MonoTime now) {
  state_ = BreakerState::kClosed;
  closed_at_ = now;
}

}  // namespace signalbox::execution
