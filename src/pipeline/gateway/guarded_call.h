// A call whose cancellation is not its caller's alone: while others wait for its answer, it goes on
// when the caller leaves. Internal to the gateway.
//
// Owner:   CachedRun. Threads: the worker's. Errors: none.
// Cancel:  with its caller when nobody follows, else at the end of the process. Followers that have
//          left are not noticed: their call ends by itself, and its answer is kept.
#pragma once

#include "pipeline/cache/flights.h"
#include "pipeline/gateway/gateway.h"

namespace signalbox::gateway {

class GuardedCall final : public async::Cancellation::Listener {
 public:
  // `lead` is null when nobody can follow.
  GuardedCall(Gateway& gateway, const request::Call& call, const cache::Flights::Lead* lead);
  ~GuardedCall();
  GuardedCall(const GuardedCall&) = delete;
  GuardedCall& operator=(const GuardedCall&) = delete;

  const request::Call& call() const { return call_; }

 private:
  void Cancelled() override;

  Gateway& gateway_;
  const cache::Flights::Lead* lead_;
  async::Cancellation* callers_ = nullptr;
  async::Cancellation own_;
  request::Call call_;
};

}  // namespace signalbox::gateway
