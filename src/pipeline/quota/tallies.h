// What all replicas together take of each rate limit that they share: what to tell the shared store
// of the calls here, and what the others' calls mean for the meters here. Without clock, sockets or
// threads.
//
// Owner:   app/, one per process, beside what talks to the shared store. Threads: the control
//          thread's. What workers do for it is Lists::touched.
// Errors:  none: what could not be told is told with the next step.
// Cancel:  nothing waits.
//
// The loop around it: Step several times a second; each call goes out; its answer comes back by
// Answered, or Failed, before the next Step.
//
// A meter counts what was taken here and what was heard of the others; the difference to what was
// heard is this replica's own count, and is told whole each time. So a call may be lost, doubtful
// or told again, and a store that was emptied knows it again with the next word.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/store/tally.h"
#include "pipeline/quota/registry.h"
#include "pipeline/request/admission.h"

namespace signalbox::quota {

class Tallies {
 public:
  // `life` names this life of this process, and no other one ever.
  Tallies(Registry& registry, std::string life) : registry_(registry), life_(std::move(life)) {}

  struct Call {
    Subject* of = nullptr;
    std::size_t rate = 0;
    std::uint32_t window = 0;
    store::Tally tally;
  };
  // Appends what is to be told of the subjects that were asked since.
  void Step(const request::Instant& now, std::vector<Call>& calls);
  // `sum`: of all replicas.
  void Answered(const Call& call, std::int64_t sum, const request::Instant& now);
  void Failed(const Call& call);

  // Names for the store: printable ASCII, the same in every replica. What callers and the
  // configuration call things is in them as a hash alone.
  static std::string NameOf(const Subject& subject, std::size_t rate, std::uint32_t window);

 private:
  struct Heard {
    std::uint32_t window = 0;
    std::int64_t amount = 0;  // of what the meter counts there
  };

  void TellOf(Subject& subject, const Moment& now, std::vector<Call>& calls);
  void Forget(const Moment& now);

  Registry& registry_;
  const std::string life_;
  std::int64_t sequence_ = 0;
  std::unordered_map<const Subject*, std::array<Heard, kRates>> heard_;
  std::int64_t forgot_at_ = 0;
};

}  // namespace signalbox::quota
