// One call through the execution machine: attempts one after the other until one answers.
//
// Owner:   Gateway::Run. Threads: the worker's.
// Errors:  told to the sink; none leave it.
// Cancel:  the attempt's wait ends, its intent is settled, nothing more is tried.
#pragma once

#include <optional>

#include "pipeline/execution/machine.h"
#include "pipeline/gateway/attempt.h"

namespace signalbox::gateway {

class CallRun {
 public:
  CallRun(const CallContext& context, const execution::Plan& plan);

  async::Task<void> Run(const chat::Envelope& envelope, request::Sink& sink);

 private:
  execution::Action Tell(const execution::Event& event);
  async::Task<execution::Action> Try(const execution::Action& start, const chat::Envelope& envelope,
                                     request::Sink& sink);
  // Writes a failure into the log.
  void Note(const execution::Action& start);
  async::Task<void> GiveUp(const execution::Action& action, request::Sink& sink);

  // Whether nothing but limits of ours stood in the way of every attempt.
  bool OnlyLimited() const;

  const CallContext& context_;
  Gateway& gateway_;
  const request::Call& call_;
  const execution::Plan& plan_;
  execution::Machine machine_;
  std::optional<Attempt> attempt_;  // the last one
};

}  // namespace signalbox::gateway
