#include "pipeline/gateway/call_run.h"

#include <algorithm>

#include "pipeline/execution/summary.h"

namespace signalbox::gateway {

using execution::Action;
using execution::Event;

CallRun::CallRun(const CallContext& context, const execution::Plan& plan)
    : context_(context),
      gateway_(context.gateway),
      call_(context.call),
      plan_(plan),
      machine_(plan, context.lineup.health()) {}

Action CallRun::Tell(const Event& event) {
  return machine_.Next(event, gateway_.loop_.now(), gateway_.random_.Draw());
}

async::Task<void> CallRun::Run(const chat::Envelope& envelope, request::Sink& sink) {
  Action action = Tell(Event::Begin());
  while (true) {
    switch (action.kind) {
      case Action::Kind::kStart:
        action = co_await Try(action, envelope, sink);
        break;
      case Action::Kind::kWait: {
        const async::Wake wake =
            co_await gateway_.loop_.SleepUntil({action.until, call_.cancellation});
        action = Tell(wake == async::Wake::kCancelled ? Event::Cancelled() : Event::Woke());
        break;
      }
      case Action::Kind::kPassOn:
        co_await attempt_->PassFailure(sink);
        co_return;
      case Action::Kind::kGiveUp:
        co_await GiveUp(action, sink);
        co_return;
      case Action::Kind::kNone:
      case Action::Kind::kDone:
        co_return;
    }
  }
}

async::Task<Action> CallRun::Try(const Action& start, const chat::Envelope& envelope,
                                 request::Sink& sink) {
  const auto number = static_cast<std::uint16_t>(attempt_ ? attempt_->number() + 1 : 1);
  attempt_.emplace(context_, plan_.targets[start.target], start.key, number);
  switch (co_await attempt_->Send(envelope, start.until, plan_.deadline)) {
    case Attempt::Result::kReady: {
      Tell(Event::Answered());
      const bool ok = co_await attempt_->Deliver(sink);
      co_return Tell(Event::Ended(ok));
    }
    case Attempt::Result::kFailed: {
      Note(start);
      const Action next = Tell(Event::Failed(attempt_->failure(), attempt_->detail()));
      const bool again = next.kind == Action::Kind::kStart || next.kind == Action::Kind::kWait;
      const bool spent = context_.scratch.form && context_.scratch.form->spent();
      if (!again || !spent) {
        co_return next;
      }
      break;  // what has gone to one upstream cannot go to another
    }
    case Attempt::Result::kOver:
      break;
  }
  const Action over = Tell(Event::Cancelled());
  co_await attempt_->PassFailure(sink);
  co_return over;
}

bool CallRun::OnlyLimited() const {
  return std::ranges::all_of(machine_.failed(), [](const execution::Attempted& each) {
    return each.failure.kind == execution::FailureKind::kOwnLimit;
  });
}

void CallRun::Note(const Action& start) {
  const providers::Provider& provider =
      context_.lineup.provider(plan_.targets[start.target].provider);
  gateway_.failures_.Note({.provider = provider.name,
                           .model = plan_.targets[start.target].model,
                           .key = provider.keys[start.key].label,
                           .detail = attempt_->detail(),
                           .failure = attempt_->failure()},
                          gateway_.loop_.now());
}

async::Task<void> CallRun::GiveUp(const Action& action, request::Sink& sink) {
  if (attempt_ && OnlyLimited()) {
    co_await attempt_->PassFailure(sink);  // it says which limit, and when to come again
    co_return;
  }
  core::Error error = execution::Summarise(machine_, action, gateway_.loop_.now());
  if (!attempt_) {
    co_await gateway_.Refuse(call_, sink, std::move(error));
    co_return;
  }
  const int status = core::HttpStatus(error.code);
  co_await gateway_.Answer(call_, std::move(error), attempt_->Head(status), sink);
}

}  // namespace signalbox::gateway
