// Runs a scenario in virtual time through the real Machine and Health. Test support: a day of
// traffic takes seconds, and equal seeds give equal days.
//
// Owner:   a test. Threads: one. Nothing here reads a clock.
// Errors:  counted in SimResult::violations, when the machine breaks a promise of its own.
#pragma once

#include <cmath>
#include <deque>
#include <optional>
#include <queue>

#include "pipeline/execution/execution_scenario.h"

namespace signalbox::execution {

class Simulator {
 public:
  explicit Simulator(Scenario scenario)
      : scenario_(std::move(scenario)),
        random_(scenario_.seed),
        health_(scenario_.layout, scenario_.retry, scenario_.breaker) {
    for (const SimTarget& target : scenario_.targets) {
      targets_.push_back({.provider = target.provider,
                          .stage = target.stage,
                          .weight = target.weight,
                          .model = target.model,
                          .health = &health_.Model(target.provider, target.model),
                          .head_timeout = target.head_timeout});
    }
  }

  // Called as each request ends; and as each attempt starts, with the time since the request
  // arrived or its last attempt failed.
  std::function<void(const SimEnd&)> on_end;
  std::function<void(const SimCall&, std::uint32_t number, std::chrono::nanoseconds since)>
      on_start;

  SimResult Run() {
    result_.requests = scenario_.requests;
    queue_.push({NextArrival(), 0, 0, 0, Step::kArrive});
    while (!queue_.empty()) {
      const Entry entry = queue_.top();
      queue_.pop();
      now_ = entry.at;
      entry.step == Step::kArrive ? Arrive() : Do(entry);
    }
    Check(open_ == 0 && health_.waiting() == 0);
    return result_;
  }

  Health& health() { return health_; }
  core::MonoTime now() const { return now_; }

 private:
  static constexpr core::MonoTime kBeginning{std::chrono::hours(1)};
  enum class Step : std::uint8_t { kArrive, kHead, kEnd, kWake, kLeave };

  struct Request {
    Request(const Plan& p, Health& health) : plan(p), machine(plan, health) {}
    Plan plan;
    Machine machine;
    SimReply reply{};
    core::MonoTime arrived{};
    core::MonoTime failed_at{};
    std::uint64_t id = 0;
    std::uint64_t next = 0;  // order of the one step that it waits for
    bool timed_out = false;
  };
  struct Entry {
    core::MonoTime at;
    std::uint64_t order;
    std::uint64_t id;
    std::uint32_t slot;
    Step step;
    bool operator<(const Entry& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  core::MonoTime NextArrival() {
    next_arrival_ += std::chrono::nanoseconds(
        static_cast<std::int64_t>(-std::log1p(-random_.Draw()) * 1e9 / scenario_.per_second));
    return next_arrival_;
  }

  void Arrive() {
    if (++arrived_ < scenario_.requests) {
      queue_.push({NextArrival(), ++order_, 0, 0, Step::kArrive});
    }
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    ++open_;
    Request& request = slots_[slot].emplace(Plan{targets_, now_ + scenario_.deadline}, health_);
    request.arrived = request.failed_at = now_;
    request.id = arrived_;
    if (scenario_.cancelled > 0 && random_.Draw() < scenario_.cancelled) {
      const auto patience = static_cast<std::int64_t>(1e9 * random_.Draw());
      queue_.push(
          {now_ + std::chrono::nanoseconds(patience), ++order_, request.id, slot, Step::kLeave});
    }
    Take(slot, Tell(slot, Event::Begin()));
  }

  void Do(const Entry& entry) {
    const std::optional<Request>& request = slots_[entry.slot];
    if (!request || request->id != entry.id ||
        (entry.step != Step::kLeave && entry.order != request->next)) {
      return;  // the request went on without it
    }
    switch (entry.step) {
      case Step::kHead:
        return Head(entry.slot);
      case Step::kWake:
        return Take(entry.slot, Tell(entry.slot, Event::Woke()));
      case Step::kEnd:
        Tell(entry.slot, Event::Ended(!request->reply.breaks));
        return Finish(entry.slot, request->reply.breaks ? SimOutcome::kBroken : SimOutcome::kOk);
      default:
        Tell(entry.slot, Event::Cancelled());
        return Finish(entry.slot, SimOutcome::kCancelled);
    }
  }

  Action Tell(std::uint32_t slot, const Event& event) {
    return slots_[slot]->machine.Next(event, now_, random_.Draw());
  }

  void Then(std::uint32_t slot, Step step, core::MonoTime at) {
    slots_[slot]->next = ++order_;
    queue_.push({at, order_, slots_[slot]->id, slot, step});
  }

  void Take(std::uint32_t slot, const Action& action) {
    switch (action.kind) {
      case Action::Kind::kStart:
        return Start(slot, action);
      case Action::Kind::kWait:
        ++result_.waits;
        Check(action.until > now_ && action.until < slots_[slot]->plan.deadline);
        return Then(slot, Step::kWake, action.until);
      case Action::Kind::kPassOn:
        return Finish(slot, SimOutcome::kPassedOn);
      case Action::Kind::kGiveUp:
        return Finish(slot, SimOutcome::kGaveUp, action.reason);
      default:
        Check(false);
        return Finish(slot, SimOutcome::kGaveUp);
    }
  }

  void Start(std::uint32_t slot, const Action& action) {
    Request& request = *slots_[slot];
    const core::MonoTime deadline = request.plan.deadline;
    Check(now_ < deadline && action.until > now_ && action.until <= deadline);
    Check(action.number <= scenario_.retry.attempts &&
          action.number == request.machine.failed().size() + 1);
    ++result_.calls;
    result_.extra_calls += action.number > 1 ? 1 : 0;
    const SimCall call{action.target, action.key, now_ - kBeginning, action.until - kBeginning};
    if (on_start) {
      on_start(call, action.number, now_ - request.failed_at);
    }
    request.reply = scenario_.upstream(call, random_);
    request.timed_out = now_ + request.reply.head > action.until;
    Then(slot, Step::kHead, std::min(action.until, now_ + request.reply.head));
  }

  void Head(std::uint32_t slot) {
    Request& request = *slots_[slot];
    if (request.timed_out || request.reply.failure) {
      request.failed_at = now_;
      const Failure failure =
          request.timed_out ? Failure{.kind = FailureKind::kTimeout} : *request.reply.failure;
      return Take(slot, Tell(slot, Event::Failed(failure)));
    }
    Check(Tell(slot, Event::Answered()).kind == Action::Kind::kNone);
    Then(slot, Step::kEnd, now_ + request.reply.body);
  }

  void Finish(std::uint32_t slot, SimOutcome outcome, Reason reason = Reason::kNone) {
    const Request& request = *slots_[slot];
    const SimEnd end{outcome, reason, request.machine.attempts(), request.arrived - kBeginning,
                     now_ - kBeginning};
    const bool cancelled = outcome == SimOutcome::kCancelled;
    result_.ok += outcome == SimOutcome::kOk ? 1 : 0;
    result_.cancelled += cancelled ? 1 : 0;
    result_.client_errors += outcome != SimOutcome::kOk && !cancelled ? 1 : 0;
    Mix(static_cast<std::uint64_t>(outcome) << 8U | end.attempts);
    Mix(static_cast<std::uint64_t>(end.ended.count()));
    if (on_end) {
      on_end(end);
    }
    slots_[slot].reset();
    free_.push_back(slot);
    --open_;
  }

  void Mix(std::uint64_t value) {
    result_.hash = (result_.hash ^ value) * 1099511628211U;  // FNV-1a, a word at a time
  }
  void Check(bool kept) { result_.violations += kept ? 0 : 1; }

  Scenario scenario_;
  core::Random random_;
  Health health_;
  std::vector<Target> targets_;
  SimResult result_;
  std::priority_queue<Entry> queue_;
  std::deque<std::optional<Request>> slots_;
  std::vector<std::uint32_t> free_;
  core::MonoTime now_ = kBeginning;
  core::MonoTime next_arrival_ = kBeginning;
  std::uint64_t order_ = 0;
  std::uint64_t arrived_ = 0;
  std::uint64_t open_ = 0;
};

}  // namespace signalbox::execution
