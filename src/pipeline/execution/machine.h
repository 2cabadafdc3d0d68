// One request's attempts: which target and key next, when to wait, when to stop.
//
//   action = machine.Next(Event::Begin(), now, draw);
//   kStart      call plan.targets[action.target] with key action.key; tell Answered or Failed
//   kWait       sleep until action.until; tell Woke
//   kPassOn     the failure just told goes to the caller as it is
//   kGiveUp     the caller gets Summarise(…) (summary.h)
//   kNone       go on with what you do
//   kDone       over
//
// Owner:   whoever drives the request. The plan and Health outlive it.
// Threads: the worker's.
// Errors:  none; an event that its state does not expect changes nothing and is answered kNone.
// Cancel:  Event::Cancelled at any time; the destructor says the same when nobody did.
//
// No clock, no socket, no chance of its own: equal events, times and draws give equal actions.
// Budget:  100 ns for a request that succeeds at once; allocates only when an attempt fails.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/execution/plan.h"

namespace signalbox::execution {

struct Event {
  enum class Kind : std::uint8_t {
    kBegin,
    kAnswered,  // the head of a good answer came: from here on nothing is tried again
    kFailed,    // the attempt failed before that
    kEnded,     // the answer is over, well or not
    kWoke,      // the wait is over
    kCancelled,
  };

  Kind kind = Kind::kBegin;
  bool ok = false;            // kEnded
  Failure failure{};          // kFailed
  std::string_view detail{};  // kFailed: what happened in words, for the summary

  static Event Begin() { return {Kind::kBegin}; }
  static Event Answered() { return {Kind::kAnswered}; }
  static Event Failed(const Failure& failure, std::string_view detail = {}) {
    return {Kind::kFailed, false, failure, detail};
  }
  static Event Ended(bool ok) { return {Kind::kEnded, ok}; }
  static Event Woke() { return {Kind::kWoke}; }
  static Event Cancelled() { return {Kind::kCancelled}; }
};

enum class Reason : std::uint8_t {  // of kGiveUp
  kNone,
  kDeadline,  // the time is over
  kAttempts,  // as many as are allowed
  kBudget,    // the retry budget is spent
  kNoTarget,  // nothing may be called now, or soon enough
};

struct Action {
  enum class Kind : std::uint8_t { kNone, kStart, kWait, kPassOn, kGiveUp, kDone };

  Kind kind = Kind::kNone;
  Reason reason = Reason::kNone;  // kGiveUp
  std::uint8_t target = 0;        // kStart: index in the plan
  std::uint8_t number = 0;        // kStart: 1 for the first attempt
  std::uint32_t key = 0;          // kStart: index among the provider's keys
  // kStart: when the head of the answer must be there; kWait: when to wake; kGiveUp: when it is
  // worth asking again, kNever when nobody knows.
  core::MonoTime until{};
};

// An attempt that failed.
struct Attempted {
  std::uint8_t target = 0;
  Failure failure;
  std::string key;     // its label
  std::string detail;  // in words, e.g. "connection refused"
  std::chrono::nanoseconds took{0};
};

class Machine {
 public:
  Machine(const Plan& plan, Health& health);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // `draw` is uniform in [0, 1) and new with each event.
  Action Next(const Event& event, core::MonoTime now, double draw);

  const Plan& plan() const { return plan_; }
  const Health& health() const { return health_; }
  std::uint32_t attempts() const { return attempts_; }           // begun so far
  std::span<const Attempted> failed() const { return failed_; }  // in order

 private:
  enum class State : std::uint8_t { kNew, kCalling, kAnswered, kWaiting, kOver };
  struct Track {  // of a target
    core::MonoTime ready_at{};
    std::uint8_t tries = 0;
    bool dropped = false;
  };

  Action Begin(core::MonoTime now, Draw draw);
  Action OnFailed(const Event& event, core::MonoTime now, Draw draw);
  Action OnEnded(bool ok, core::MonoTime now);
  Action Cancel();

  Action Advance(core::MonoTime now, Draw& draw);
  std::optional<std::uint8_t> Pick(core::MonoTime now, Urgency urgency, Draw& draw) const;
  Action Start(std::uint8_t target, Urgency urgency, core::MonoTime now, Draw& draw);
  core::MonoTime HeadBy(std::uint8_t target, core::MonoTime now);
  std::optional<Action> Wait(core::MonoTime now, const Draw& draw);
  std::chrono::nanoseconds Spread(core::MonoTime at, core::MonoTime now, const Draw& draw) const;
  Action GiveUp(Reason reason, core::MonoTime now);

  Finding Judged(const Failure& failure, const Verdict& verdict, core::MonoTime now) const;
  void Learn(const Verdict& verdict, const Finding& finding, core::MonoTime now, Draw& draw);
  void DropShorter(std::uint32_t context);
  bool MayTry(std::uint8_t target) const;
  Opening OpeningOf(std::uint8_t target, core::MonoTime now, Urgency urgency) const;

  const Plan& plan_;
  Health& health_;
  State state_ = State::kNew;
  bool cut_short_ = false;  // the attempt had less time than its target's own
  std::uint8_t target_ = 0;
  std::uint32_t attempts_ = 0;
  core::MonoTime started_{};
  Permit permit_;
  std::vector<Attempted> failed_;
  std::array<Track, kMostTargets> tracks_;  // as many as there are targets are set
};

}  // namespace signalbox::execution
