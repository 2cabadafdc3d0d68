// What a request does next: the choice of a target, the waits and the end. The rest is machine.cc.
#include <algorithm>

#include "pipeline/execution/machine.h"

namespace signalbox::execution {
namespace {

using core::MonoTime;
using std::chrono::nanoseconds;

// With a deadline further off than this the share of an attempt needs no reckoning.
constexpr std::chrono::hours kLong{24};

}  // namespace

Action Machine::Advance(MonoTime now, Draw& draw) {
  const RetryOptions& retry = health_.retry();
  if (now >= plan_.deadline) {
    return GiveUp(Reason::kDeadline, now);
  }
  if (attempts_ >= std::min(retry.attempts, kMostAttempts)) {
    return GiveUp(Reason::kAttempts, now);
  }
  if (attempts_ > 0 && health_.budget().Left(now, retry) < 1) {
    return GiveUp(Reason::kBudget, now);
  }
  // What can be called now is better than what must be waited for, wherever it stands in the plan.
  if (const auto target = Pick(now, Urgency::kUsual, draw)) {
    return Start(*target, Urgency::kUsual, now, draw);
  }
  if (const auto wait = Wait(now, draw)) {
    return *wait;
  }
  if (const auto target = Pick(now, Urgency::kLastWay, draw)) {
    return Start(*target, Urgency::kLastWay, now, draw);
  }
  return GiveUp(Reason::kNoTarget, now);
}

bool Machine::MayTry(std::uint8_t target) const {
  return !tracks_[target].dropped && tracks_[target].tries < health_.retry().attempts_per_target;
}

Opening Machine::OpeningOf(std::uint8_t target, MonoTime now, Urgency urgency) const {
  return health_.When(plan_.targets[target].provider, *plan_.targets[target].health, now, urgency);
}

// The first stage in which something may be called now decides; in it, the weights.
std::optional<std::uint8_t> Machine::Pick(MonoTime now, Urgency urgency, Draw& draw) const {
  std::optional<std::uint8_t> picked;
  double sum = 0;
  for (std::uint8_t i = 0; i < plan_.targets.size(); ++i) {
    const Target& target = plan_.targets[i];
    if (picked && target.stage != plan_.targets[*picked].stage) {
      break;
    }
    if (!MayTry(i) || tracks_[i].ready_at > now || OpeningOf(i, now, urgency).at > now) {
      continue;
    }
    sum += target.weight;
    if (!picked || draw.Hits(target.weight, sum)) {
      picked = i;
    }
  }
  return picked;
}

Action Machine::Start(std::uint8_t target, Urgency urgency, MonoTime now, Draw& draw) {
  if (attempts_ > 0) {
    health_.budget().Take(now, health_.retry());
  }
  ++attempts_;
  const Target& to = plan_.targets[target];
  permit_ = health_.Take(to.provider, *to.health, now, urgency, draw);
  state_ = State::kCalling;
  target_ = target;
  started_ = now;
  return {.kind = Action::Kind::kStart,
          .target = target,
          .number = static_cast<std::uint8_t>(attempts_),
          .key = permit_.key,
          .until = HeadBy(target, now)};
}

// An attempt leaves some of the time to those that could follow it.
MonoTime Machine::HeadBy(std::uint8_t target, MonoTime now) {
  const MonoTime own = now + plan_.targets[target].head_timeout;
  MonoTime by = std::min(own, plan_.deadline);
  bool others = false;
  for (std::uint8_t i = 0; i < plan_.targets.size() && !others; ++i) {
    others = i != target && MayTry(i);
  }
  if (others && attempts_ < health_.retry().attempts && plan_.deadline - now < kLong) {
    const auto left = static_cast<double>((plan_.deadline - now).count());
    by = std::min(
        by, now + nanoseconds(static_cast<std::int64_t>(left * health_.retry().attempt_share)));
  }
  cut_short_ = by < own;
  return by;
}

// Waits for the target that is free first, if that is soon enough. Not for a breaker or a refused
// key: nobody knows whether they will be better then.
std::optional<Action> Machine::Wait(MonoTime now, const Draw& draw) {
  const RetryOptions& retry = health_.retry();
  MonoTime at = core::kNever;
  bool limited = false;
  for (std::uint8_t i = 0; i < plan_.targets.size(); ++i) {
    const Opening opening = OpeningOf(i, now, Urgency::kUsual);
    const bool is_limited = opening.hindrance == Hindrance::kLimited;
    const MonoTime free = std::max(opening.at, tracks_[i].ready_at);
    if (MayTry(i) && (opening.at <= now || is_limited) && free < at) {
      at = free;
      limited = is_limited;
    }
  }
  if (at >= plan_.deadline || at - now > retry.max_wait || health_.waiting() >= retry.waiting) {
    return std::nullopt;
  }
  if (limited) {
    at += Spread(at, now, draw);
  }
  ++health_.waiting();
  state_ = State::kWaiting;
  return Action{.kind = Action::Kind::kWait, .until = at};
}

// Requests that wait for the same limit do not all come back at its end: the longer the wait, the
// more of them there are, and the further they are spread. A back-off has its own jitter.
nanoseconds Machine::Spread(MonoTime at, MonoTime now, const Draw& draw) const {
  const nanoseconds spread =
      std::min(std::max(at - now, health_.retry().base), (plan_.deadline - at) / 2);
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(spread.count()) * draw.value()));
}

Action Machine::GiveUp(Reason reason, MonoTime now) {
  state_ = State::kOver;
  MonoTime soonest = core::kNever;
  for (std::uint8_t i = 0; i < plan_.targets.size(); ++i) {
    soonest = std::min(soonest, OpeningOf(i, now, Urgency::kLastWay).at);
  }
  return {.kind = Action::Kind::kGiveUp, .reason = reason, .until = soonest};
}

}  // namespace signalbox::execution
