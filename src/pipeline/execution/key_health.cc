#include "pipeline/execution/key_health.h"

#include <algorithm>

namespace signalbox::execution {
namespace {

using core::MonoTime;

// A key that is in use as often as it may be is looked at again after this.
constexpr std::chrono::milliseconds kBusyTime{50};

// So many of the calls of a minute may go at once; the rest of them is spread over the minute, so
// that no minute sees more than the limit.
std::uint32_t Burst(std::uint32_t per_minute) {
  return std::max(1U, per_minute / 10);
}

// Between two calls when the burst is used up.
std::chrono::nanoseconds Pace(std::uint32_t per_minute) {
  const std::uint32_t spread = std::max(1U, per_minute - Burst(per_minute));
  return std::chrono::nanoseconds(std::chrono::minutes(1)) / spread;
}

}  // namespace

MonoTime KeyHealth::FreeAt(std::uint32_t model, MonoTime now, Urgency urgency) const {
  MonoTime at = now;
  for (const ModelRest& rest : rests_) {
    if (rest.model == model && !(rest.barred && urgency == Urgency::kLastWay)) {
      at = std::max(at, rest.until);
    }
  }
  if (limits_.in_flight != 0 && in_flight_ >= limits_.in_flight) {
    at = std::max(at, now + kBusyTime);
  }
  if (limits_.per_minute != 0) {
    at = std::max(at, paced_ - Pace(limits_.per_minute) * (Burst(limits_.per_minute) - 1));
  }
  return at;
}

void KeyHealth::Take(MonoTime now) {
  ++in_flight_;
  if (limits_.per_minute != 0) {
    paced_ = std::max(paced_, now) + Pace(limits_.per_minute);
  }
}

void KeyHealth::Rest(std::uint32_t model, MonoTime now, MonoTime until) {
  Add({model, until, false}, now);
}

void KeyHealth::Bar(std::uint32_t model, MonoTime now, MonoTime until) {
  Add({model, until, true}, now);
}

void KeyHealth::Add(ModelRest added, MonoTime now) {
  std::erase_if(rests_, [now](const ModelRest& rest) { return rest.until <= now; });
  for (ModelRest& rest : rests_) {
    if (rest.model == added.model && rest.barred == added.barred) {
      rest.until = std::max(rest.until, added.until);
      return;
    }
  }
  rests_.push_back(added);
}

MonoTime KeyHealth::RestsUntil() const {
  MonoTime until{};
  for (const ModelRest& rest : rests_) {
    until = std::max(until, rest.until);
  }
  return until;
}

}  // namespace signalbox::execution
