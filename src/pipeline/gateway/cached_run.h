// One call with the cache before it: answered by what is there, by what another's call of the same
// brings, or by a call of its own whose answer is kept. Internal to the gateway.
//
// Owner:   Gateway::Run. Threads: the worker's.
// Errors:  told to the sink; none leave it. A full journal refuses an answer from the cache, too:
//          what is given is on the record.
// Cancel:  a call of its own goes on without its caller while others wait for its answer; who waits
//          for another's just goes.
#pragma once

#include <memory>

#include "pipeline/cache/exact_cache.h"
#include "pipeline/cache/policy.h"
#include "pipeline/gateway/call_context.h"

namespace signalbox::gateway {

class CachedRun {
 public:
  CachedRun(const CallContext& context, const execution::Plan& plan, const cache::Permit& permit);

  async::Task<void> Run(const chat::Envelope& envelope, request::Sink& sink);

 private:
  using Lead = cache::Flights::Lead;

  cache::Entry Find() const;
  bool MayHave(std::string_view provider, std::string_view model) const;
  async::Task<bool> Follow(std::shared_ptr<cache::Follower> follower, request::Sink& sink);
  // Before anything of the answer goes out.
  core::Status Book(const cache::Entry& entry);
  async::Task<void> Give(cache::Entry entry, request::Sink& sink);
  async::Task<void> GiveRefusal(std::shared_ptr<const cache::Refusal> refusal, request::Sink& sink);
  // Makes the call; `lead` is null when nobody can wait for it.
  async::Task<void> Call(Lead* lead, const chat::Envelope& envelope, request::Sink& sink);

  const CallContext& context_;
  Gateway& gateway_;
  Lineup& lineup_;
  const request::Call& call_;
  const request::Principal& principal_;
  const execution::Plan& plan_;
  Scratch& scratch_;
  const cache::Permit permit_;
  cache::ExactCache::Room* room_ = nullptr;
  cache::Digest key_;
};

}  // namespace signalbox::gateway
