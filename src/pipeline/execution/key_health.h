// One of a provider's keys: its limits, how long it rests, and its breaker.
//
// Owner:   Health; kept across reloads while the key itself stays. Threads: the worker's.
// Errors:  none. Cancel: Return gives back what Take took.
//
// A limit that a vendor reports (429) rests the key for that model alone, because vendors count per
// model. A key that is refused, or whose money is spent, opens its breaker for all models. A key
// that is barred from a model (403) rests too, but is used all the same where nothing else is left:
// some vendors refuse a single prompt in this way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/execution/breaker.h"

namespace signalbox::execution {

// What the operator says about a key. Zero: no limit.
struct KeyLimits {
  std::uint32_t weight = 1;
  std::uint32_t in_flight = 0;
  std::uint32_t per_minute = 0;  // never more in any minute; one tenth of it may go at once
};

class KeyHealth {
 public:
  KeyHealth(std::uint64_t fingerprint, std::string label, KeyLimits limits)
      : fingerprint_(fingerprint), label_(std::move(label)), limits_(limits) {}

  // What a reload may change.
  void Rename(std::string label, KeyLimits limits) {
    label_ = std::move(label);
    limits_ = limits;
  }

  // When a call with `model` (ModelHealth::id) may use it, as far as rest and limits go; the
  // breaker is asked apart. `now` or earlier means now.
  core::MonoTime FreeAt(std::uint32_t model, core::MonoTime now, Urgency urgency) const;

  void Take(core::MonoTime now);
  void Return() { --in_flight_; }
  void Rest(std::uint32_t model, core::MonoTime now, core::MonoTime until);
  void Bar(std::uint32_t model, core::MonoTime now, core::MonoTime until);

  // The rest that ends last; in the past when it does not rest.
  core::MonoTime RestsUntil() const;

  Breaker& breaker() { return breaker_; }
  const Breaker& breaker() const { return breaker_; }
  std::uint64_t fingerprint() const { return fingerprint_; }
  const std::string& label() const { return label_; }
  const KeyLimits& limits() const { return limits_; }
  std::uint32_t in_flight() const { return in_flight_; }

 private:
  struct ModelRest {
    std::uint32_t model;
    core::MonoTime until;
    bool barred;
  };

  void Add(ModelRest rest, core::MonoTime now);

  std::uint64_t fingerprint_;  // tells keys apart; says nothing about the secret
  std::string label_;          // what it is called in reports, e.g. "1"
  KeyLimits limits_;
  Breaker breaker_;
  std::vector<ModelRest> rests_;
  core::MonoTime paced_{};  // where calls stand that go at the rate of the limit
  std::uint32_t in_flight_ = 0;
};

}  // namespace signalbox::execution
