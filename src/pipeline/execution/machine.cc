#include "pipeline/execution/machine.h"

#include <algorithm>

#include "pipeline/execution/backoff.h"

namespace signalbox::execution {
namespace {

using core::MonoTime;
using std::chrono::nanoseconds;

// An attempt that was cut short by the request's own deadline speaks against its target only when
// it had at least this long.
constexpr std::chrono::seconds kFairTime{5};
// A limited key that was not told for how long rests for this.
constexpr std::chrono::seconds kUnstatedRest{1};

}  // namespace

Machine::Machine(const Plan& plan, Health& health) : plan_(plan), health_(health) {
  std::fill_n(tracks_.begin(), plan.targets.size(), Track{});
}

Machine::~Machine() {
  Cancel();
}

Action Machine::Next(const Event& event, MonoTime now, double draw) {
  switch (event.kind) {
    case Event::Kind::kBegin:
      return state_ == State::kNew ? Begin(now, Draw(draw)) : Action{};
    case Event::Kind::kAnswered:
      if (state_ == State::kCalling) {
        state_ = State::kAnswered;
        health_.Answered(permit_, now);
      }
      return {};
    case Event::Kind::kFailed:
      return state_ == State::kCalling ? OnFailed(event, now, Draw(draw)) : Action{};
    case Event::Kind::kEnded:
      return state_ == State::kAnswered ? OnEnded(event.ok, now) : Action{};
    case Event::Kind::kWoke: {
      if (state_ != State::kWaiting) {
        return {};
      }
      --health_.waiting();
      Draw left(draw);
      return Advance(now, left);
    }
    case Event::Kind::kCancelled:
      return Cancel();
  }
  return {};
}

Action Machine::Begin(MonoTime now, Draw draw) {
  health_.budget().CountRequest(now, health_.retry());
  return Advance(now, draw);
}

Action Machine::OnEnded(bool ok, MonoTime now) {
  ok ? health_.Succeed(permit_, now)
     : health_.Fail(permit_, {.blame = Blame::kModel, .reached = true}, now);
  state_ = State::kOver;
  return {.kind = Action::Kind::kDone};
}

Action Machine::Cancel() {
  if (state_ == State::kCalling || state_ == State::kAnswered) {
    health_.Release(permit_);
  } else if (state_ == State::kWaiting) {
    --health_.waiting();
  }
  state_ = State::kOver;
  return {.kind = Action::Kind::kDone};
}

Action Machine::OnFailed(const Event& event, MonoTime now, Draw draw) {
  const Failure& failure = event.failure;
  failed_.push_back(
      {target_, failure, health_.KeyLabel(permit_), std::string(event.detail), now - started_});
  const Verdict verdict = Judge(failure, health_.retry());
  const Finding finding = Judged(failure, verdict, now);
  health_.Fail(permit_, finding, now);
  if (verdict.next == Next::kPassOn) {
    state_ = State::kOver;
    return {.kind = Action::Kind::kPassOn};
  }
  Learn(verdict, finding, now, draw);
  const Action action = Advance(now, draw);
  // The upstream's own words say it best: when they concern the caller's prompt, and when there is
  // nothing else to tell. What a vendor says about our key is nothing to the caller.
  const bool concerns_prompt =
      failure.kind == FailureKind::kContextTooLong || failure.kind == FailureKind::kContentFilter;
  const bool only_one =
      attempts_ == 1 && failure.kind == FailureKind::kStatus && verdict.blame != Blame::kKey;
  if (action.kind == Action::Kind::kGiveUp && (concerns_prompt || only_one)) {
    return {.kind = Action::Kind::kPassOn};
  }
  return action;
}

// What the failure tells of provider, model and key.
Finding Machine::Judged(const Failure& failure, const Verdict& verdict, MonoTime now) const {
  Finding finding{.blame = verdict.blame, .reached = failure.status != 0};
  if (failure.kind == FailureKind::kTimeout && cut_short_ && now - started_ < kFairTime) {
    finding.blame = Blame::kNobody;
  }
  // Of a caller's own error it is nothing to the others.
  if (failure.retry_after && verdict.next != Next::kPassOn) {
    finding.rest = std::clamp(*failure.retry_after, nanoseconds(0), health_.retry().max_rest);
  }
  if (verdict.blame == Blame::kKeyLimit && finding.rest.count() == 0) {
    finding.rest = std::min<nanoseconds>(kUnstatedRest, health_.retry().max_rest);
  }
  return finding;
}

// What the failure means for the rest of this request.
void Machine::Learn(const Verdict& verdict, const Finding& finding, MonoTime now, Draw& draw) {
  Track& track = tracks_[target_];
  switch (verdict.next) {
    case Next::kPassOn:
      break;
    case Next::kOtherKey:  // Health knows that the key rests
      track.dropped = verdict.blame != Blame::kKeyLimit &&
                      OpeningOf(target_, now, Urgency::kUsual).hindrance != Hindrance::kNone;
      break;
    case Next::kElsewhere:
      track.dropped = true;
      break;
    case Next::kLonger:
      track.dropped = true;
      DropShorter(plan_.targets[target_].context);
      break;
    case Next::kAnywhere: {
      const RetryOptions& retry = health_.retry();
      ++track.tries;
      track.ready_at =
          now + std::max(finding.rest, Backoff(track.tries, retry.base, retry.cap, draw.value()));
      break;
    }
  }
}

// A prompt that was too long for `context` tokens goes only where more are known to fit.
void Machine::DropShorter(std::uint32_t context) {
  for (std::size_t i = 0; i < plan_.targets.size(); ++i) {
    if (plan_.targets[i].context <= context) {
      tracks_[i].dropped = true;
    }
  }
}

}  // namespace signalbox::execution
