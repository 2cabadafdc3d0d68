// The way of a request, end to end: read its outside, find its targets, and for one after the other
// until one answers: write down the intent, call the upstream; pass the answer on, settle.
//
// Owner:   app/, one per worker; the journal, the meters and the counter outlive it.
// Threads: the worker's.
// Errors:  none leave Run: every failure is answered through the sink in the caller's dialect.
// Cancel:  the call's Cancellation ends the upstream call, unless its provider is set to `drain`.
//
// Run needs no HTTP: agents, workflows, tests and the simulator come in by the same door.
// Budget: 2 µs beside the upstream call.
#pragma once

#include <memory>
#include <vector>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/core/random.h"
#include "base/core/spares.h"
#include "base/json/document.h"
#include "pipeline/cache/exact_cache.h"
#include "pipeline/cache/key.h"
#include "pipeline/cache/policy.h"
#include "pipeline/gateway/failure_log.h"
#include "pipeline/gateway/form_upload.h"
#include "pipeline/gateway/lineup.h"
#include "pipeline/gateway/media_translator.h"
#include "pipeline/gateway/meters.h"
#include "pipeline/gateway/passed_fields.h"
#include "pipeline/gateway/sound_upload.h"
#include "pipeline/gateway/translator.h"
#include "pipeline/ledger/journal.h"
#include "pipeline/request/admission.h"
#include "pipeline/request/call.h"
#include "pipeline/request/principal.h"
#include "pipeline/request/sink.h"
#include "vendors/providers/media_fetcher.h"
#include "vendors/tokens/counter.h"

namespace signalbox::gateway {

struct CallContext;
class Keeper;

// Memory that a run needs and gives back.
struct Scratch {
  json::Document body;
  json::Document answer;
  PassedFields passed;  // fields of the answer that go on to the caller
  std::vector<std::string_view> pieces;
  std::string text;
  std::string wishes;  // hints out of the body
  Translator translator;
  MediaTranslator media;
  std::vector<execution::Target> permitted;  // those of a name that the caller may use
  std::vector<execution::Target> able;       // those of a plan that can be asked this
  std::optional<FormUpload> form;            // in place of a body
  std::optional<SoundUpload> sound;          // the same for an upstream of another dialect
  std::string_view cache;                    // what the caller is told of it
  Keeper* keeper = nullptr;                  // of a run whose answer is to be kept
};

class Gateway {
 public:
  struct Parts {
    std::shared_ptr<Lineup> lineup;
    ledger::Journal& journal;
    Meters& meters;
    const tokens::Counter& counter;
    providers::MediaFetcher fetcher;
    std::string instance;                     // who we are in x-signalbox-hop
    request::Admission* admission = nullptr;  // outlives the gateway; null: everybody is admitted
    cache::ExactCache* cache = nullptr;       // null: there is none
  };
  Gateway(async::Loop& loop, Parts parts);

  async::Task<void> Run(const request::Call& call, const request::Principal& principal,
                        request::Sink& sink);

  // The worker has nothing to do: frees what is kept for the next calls.
  void GiveMemoryBack();
  // The program ends now: calls that still run are cancelled and their callers told.
  void Stop();

  // Runs that begin from now on use `lineup`.
  void Adopt(std::shared_ptr<Lineup> lineup, providers::MediaOptions media) {
    lineup_ = std::move(lineup);
    fetcher_.Adopt(std::move(media));
  }

  // New calls would be refused: what they do could not be written down.
  bool journal_full() const { return journal_.full(); }

  const Lineup& lineup() const { return *lineup_; }
  async::Loop& loop() { return loop_; }

 private:
  friend class Account;
  friend class Attempt;
  friend class CachedRun;
  friend class CallRun;
  friend class GuardedCall;
  class ScratchLease;

  async::Task<void> Refuse(const request::Call& call, request::Sink& sink, core::Error error);
  // An error in the caller's dialect.
  async::Task<void> Answer(const request::Call& call, core::Error error, request::AnswerHead head,
                           request::Sink& sink);
  async::Task<void> CountHere(const chat::Envelope& envelope, const request::Call& call,
                              Scratch& scratch, request::Sink& sink);
  core::Result<request::Resolved> FindTarget(const chat::Envelope& envelope,
                                             const request::Call& call, const Lineup& lineup) const;
  core::Result<chat::Envelope> ReadOutside(const request::Call& call, Scratch& scratch) const;
  core::Status CanTake(const execution::Target& target, bool alone, const Lineup& lineup,
                       const request::Call& call, Scratch& scratch) const;
  bool Lacks(const execution::Target& target, const Lineup& lineup, const request::Call& call,
             Scratch& scratch) const;
  // Those of `targets` that can be asked what the call asks; fails when none can.
  core::Result<std::span<const execution::Target>> Able(std::span<const execution::Target> targets,
                                                        const Lineup& lineup,
                                                        const request::Call& call,
                                                        Scratch& scratch) const;
  async::Task<void> Call(CallContext context, const execution::Plan& plan,
                         const chat::Envelope& envelope, request::Sink& sink);
  core::Result<request::Admission::PassPtr> Admit(CallContext& context);
  core::Status CheckHops(std::string_view hops) const;
  request::Instant Now() const { return {loop_.wall_now(), loop_.now()}; }
  cache::Permit CachePermit(const Lineup& lineup, const request::Call& call,
                            const request::Principal& principal, Scratch& scratch) const;
  cache::KeyMaker& key_maker();

  async::Loop& loop_;
  std::shared_ptr<Lineup> lineup_;
  ledger::Journal& journal_;
  Meters& meters_;
  const tokens::Counter& counter_;
  providers::MediaFetcher fetcher_;
  std::string instance_;
  request::Admission* const admission_;
  core::Spares<Scratch, 64> scratch_;
  FailureLog failures_;
  core::Random random_;
  async::Cancellation stopping_;
  std::vector<async::Cancellation*> orphans_;  // of calls that go on without their callers
  cache::ExactCache* cache_;
  std::optional<cache::KeyMaker> key_maker_;  // once there is something to look for
};

}  // namespace signalbox::gateway
