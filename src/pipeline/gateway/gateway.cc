#include "pipeline/gateway/gateway.h"

#include <algorithm>

#include "pipeline/gateway/cached_run.h"
#include "pipeline/gateway/call_run.h"
#include "pipeline/gateway/call_size.h"
#include "pipeline/gateway/media_relay.h"
#include "pipeline/gateway/operations.h"
#include "pipeline/gateway/rights.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;

constexpr std::size_t kKeptScratchBytes = 64 * 1024;
constexpr std::size_t kMostHops = 8;

// Hints in the body's metadata. Values that are views may be of `texts`.
core::Status ReadMetadata(const json::Value& body, std::string& texts, request::Hints& out) {
  const auto metadata = body.Find("metadata");
  if (!metadata || !metadata->IsObject()) {
    return {};
  }
  core::Status status;
  std::string name;
  std::string unescaped;
  texts.clear();
  texts.reserve(metadata->Raw().size());  // nothing in it moves
  json::ForEachMember(*metadata, [&](const json::Value& key, const json::Value& value) {
    const auto hint = key.AsText(name);
    if (!status || !hint->starts_with("x-signalbox-") || !value.IsString()) {
      return;
    }
    const std::string_view wish = *value.AsText(unescaped);
    texts.append(wish);
    status = ReadHint(*hint, std::string_view(texts).substr(texts.size() - wish.size()), out);
  });
  return status;
}

// Whether `dialect` has words for all of the request, as far as that is known before it is sent.
core::Status CanTell(const request::Call& call, const wire::Dialect& dialect,
                     const execution::Target& target, Scratch& scratch) {
  if (call.upload != nullptr) {
    return {};
  }
  if (!IsMedia(call.operation)) {
    return scratch.translator.Check(scratch.body.Root(), call, dialect);
  }
  auto request = scratch.media.Request(scratch.body.Root(), call, dialect, target.model);
  return request ? core::Status() : std::unexpected(std::move(request).error());
}

// What a vendor takes where the caller of these operations names no model; empty: `auto`.
std::string_view UsualModel(chat::Operation operation) {
  switch (operation) {
    case chat::Operation::kModerations:
      return "omni-moderation-latest";
    case chat::Operation::kImages:
      return "dall-e-2";
    default:
      return {};
  }
}

}  // namespace

// A Scratch for one run.
class Gateway::ScratchLease {
 public:
  explicit ScratchLease(Gateway& gateway) : gateway_(gateway), scratch_(gateway.scratch_.Take()) {}
  ~ScratchLease() {
    scratch_->body.Shrink(kKeptScratchBytes);
    scratch_->answer.Shrink(kKeptScratchBytes);
    scratch_->passed.Clear();
    scratch_->cache = {};
    scratch_->sound.reset();
    scratch_->form.reset();
    scratch_->translator.Clear();
    scratch_->media.Clear();
    for (std::string* text : {&scratch_->text, &scratch_->wishes}) {
      if (text->capacity() > kKeptScratchBytes) {
        *text = std::string();  // `= {}` would keep the memory
      }
    }
    gateway_.scratch_.Give(std::move(scratch_));
  }
  ScratchLease(const ScratchLease&) = delete;
  ScratchLease& operator=(const ScratchLease&) = delete;
  Scratch& operator*() const { return *scratch_; }

 private:
  Gateway& gateway_;
  std::unique_ptr<Scratch> scratch_;
};

Gateway::Gateway(async::Loop& loop, Parts parts)
    : loop_(loop),
      lineup_(std::move(parts.lineup)),
      journal_(parts.journal),
      meters_(parts.meters),
      counter_(parts.counter),
      fetcher_(std::move(parts.fetcher)),
      instance_(std::move(parts.instance)),
      admission_(parts.admission),
      cache_(parts.cache) {}

void Gateway::GiveMemoryBack() {
  scratch_.Clear();
  lineup_->GiveMemoryBack();
  key_maker_.reset();
}

void Gateway::Stop() {
  stopping_.Cancel();
  for (async::Cancellation* orphan : orphans_) {
    orphan->Cancel();
  }
}

cache::KeyMaker& Gateway::key_maker() {
  return key_maker_ ? *key_maker_ : key_maker_.emplace();
}

core::Status Gateway::CheckHops(std::string_view hops) const {
  std::size_t count = 0;
  while (!hops.empty()) {
    const std::size_t comma = std::min(hops.find(','), hops.size());
    if (hops.substr(0, comma) == instance_ || ++count > kMostHops) {
      return core::Fail(
          ErrorCode::kLoopDetected,
          "the request came back to this Signalbox: a provider's base_url leads here");
    }
    hops.remove_prefix(std::min(comma + 1, hops.size()));
  }
  return {};
}

async::Task<void> Gateway::Run(const request::Call& call, const request::Principal& principal,
                               request::Sink& sink) {
  core::Status may = CheckHops(call.hops);
  if (may) {
    may = CheckDialect(principal, call);
  }
  if (!may) {
    co_await Refuse(call, sink, std::move(may).error());
    co_return;
  }
  const ScratchLease scratch(*this);
  auto envelope =
      call.upload != nullptr
          ? co_await (*scratch).form.emplace(*call.upload).ReadStart(!call.hints.model.empty())
          : ReadOutside(call, *scratch);
  if (!envelope) {
    co_await Refuse(call, sink, std::move(envelope).error());
    co_return;
  }
  request::Hints hints;
  if (call.upload == nullptr) {
    if (auto read = ReadMetadata((*scratch).body.Root(), (*scratch).wishes, hints); !read) {
      co_await Refuse(call, sink, std::move(read).error());
      co_return;
    }
  }
  request::Call hinted = call;
  hinted.hints.AddMissing(hints);
  const std::shared_ptr<Lineup> lineup = lineup_;  // a reload changes nothing for this run
  const auto resolved = FindTarget(*envelope, hinted, *lineup);
  if (!resolved) {
    co_await Refuse(call, sink, resolved.error());
    co_return;
  }
  execution::Target alone;
  const auto permitted = Permitted(lineup->Ready(*resolved, alone), principal, envelope->model,
                                   *lineup, (*scratch).permitted);
  if (!permitted) {
    co_await Refuse(call, sink, permitted.error());
    co_return;
  }
  if (hinted.operation == chat::Operation::kCountTokens && !CanCount(*permitted, *lineup, hinted)) {
    co_await CountHere(*envelope, hinted, *scratch, sink);
    co_return;
  }
  const auto able = Able(*permitted, *lineup, hinted, *scratch);
  if (!able) {
    co_await Refuse(call, sink, able.error());
    co_return;
  }
  execution::Plan plan{.targets = *able};
  const std::chrono::nanoseconds patience = lineup->MostPatient(plan.targets);
  plan.deadline = call.arrived + std::min(hinted.hints.max_latency.value_or(patience), patience);
  const CallContext context{.gateway = *this,
                            .lineup = *lineup,
                            .call = hinted,
                            .principal = principal,
                            .scratch = *scratch};
  if (const cache::Permit permit = CachePermit(*lineup, hinted, principal, *scratch);
      permit.any()) {
    CachedRun run(context, plan, permit);
    co_await run.Run(*envelope, sink);
    co_return;
  }
  co_await Call(context, plan, *envelope, sink);
}

// Calls upstreams, as far as limits and budgets let it.
async::Task<void> Gateway::Call(CallContext context, const execution::Plan& plan,
                                const chat::Envelope& envelope, request::Sink& sink) {
  auto pass = Admit(context);
  if (!pass) {
    co_await Refuse(context.call, sink, pass.error());
    co_return;
  }
  CallRun run(context, plan);
  co_await run.Run(envelope, sink);
}

// What the call holds of limits on calls for as long as it runs; null: nothing limits it.
core::Result<request::Admission::PassPtr> Gateway::Admit(CallContext& context) {
  if (admission_ == nullptr) {
    return nullptr;
  }
  SB_TRY(request::Admission::PassPtr pass,
         admission_->Admit(
             {.principal = context.principal, .labels = context.call.hints.labels, .now = Now()}));
  if (pass != nullptr) {
    context.pass = pass.get();
    context.size = context.call.upload != nullptr
                       ? UploadSize(context.call)
                       : ReadCallSize(context.scratch.body.Root(), context.call);
  }
  return pass;
}

// What the cache may do for the call; says so to the caller where it may do nothing.
cache::Permit Gateway::CachePermit(const Lineup& lineup, const request::Call& call,
                                   const request::Principal& principal, Scratch& scratch) const {
  const cache::ExactOptions& options = lineup.cache();
  if (cache_ == nullptr || !cache::IsWanted(options, call.hints.cache)) {
    return {};
  }
  const cache::Permit permit = cache::PermitFor(options, call, principal, scratch.body.Root());
  scratch.cache = permit.any() ? "miss" : "bypass";
  return permit;
}

core::Result<request::Resolved> Gateway::FindTarget(const chat::Envelope& envelope,
                                                    const request::Call& call,
                                                    const Lineup& lineup) const {
  const std::string_view usual = UsualModel(call.operation);
  if (envelope.model.empty() && call.hints.model.empty() && !usual.empty()) {
    if (auto resolved = lineup.targets().Resolve(usual)) {
      return resolved;
    }
  }
  return lineup.targets().Resolve(envelope.model, call.hints);
}

// The body, and the few facts of it that the way needs; the URL may say some of them.
core::Result<chat::Envelope> Gateway::ReadOutside(const request::Call& call,
                                                  Scratch& scratch) const {
  SB_CHECK_OK(scratch.body.Parse(call.body));
  SB_TRY(chat::Envelope envelope, call.dialect->ReadEnvelope(scratch.body, call.operation));
  if (!call.model.empty()) {
    envelope.model = call.model;
  }
  envelope.stream = call.streamed.value_or(envelope.stream);
  return envelope;
}

// Whether a target can be asked what the call asks. `alone`: there is nobody else to ask, and it is
// refused later for want of words.
core::Status Gateway::CanTake(const execution::Target& target, bool alone, const Lineup& lineup,
                              const request::Call& call, Scratch& scratch) const {
  const providers::Provider& provider = lineup.provider(target.provider);
  const wire::Dialect& dialect = provider.DialectFor(*call.dialect, call.operation);
  SB_CHECK_OK(CanServe(provider, dialect, call));
  if (alone || provider.Takes(dialect, *call.dialect, call.operation)) {
    return {};
  }
  return CanTell(call, dialect, target, scratch);
}

// Whether a target's model is known to lack what a translated call needs.
bool Gateway::Lacks(const execution::Target& target, const Lineup& lineup,
                    const request::Call& call, Scratch& scratch) const {
  const providers::Provider& provider = lineup.provider(target.provider);
  const wire::Dialect& dialect = provider.DialectFor(*call.dialect, call.operation);
  return !provider.Takes(dialect, *call.dialect, call.operation) &&
         scratch.translator.Lacks(scratch.body.Root(), call, dialect, *target.capabilities)
             .value_or(false);
}

core::Result<std::span<const execution::Target>> Gateway::Able(
    std::span<const execution::Target> targets, const Lineup& lineup, const request::Call& call,
    Scratch& scratch) const {
  std::optional<core::Error> first;
  scratch.able.clear();
  for (const execution::Target& target : targets) {
    if (core::Status can = CanTake(target, targets.size() == 1, lineup, call, scratch); can) {
      scratch.able.push_back(target);
    } else if (!first) {
      first = std::move(can).error();
    }
  }
  if (scratch.able.empty()) {
    return std::unexpected(WithThoseThatCan(*std::move(first), lineup, call));
  }
  // What the catalogue says may be old: it chooses, and forbids nothing.
  const auto lacks = [&](const execution::Target& target) {
    return Lacks(target, lineup, call, scratch);
  };
  if (scratch.able.size() > 1 && !std::ranges::all_of(scratch.able, lacks)) {
    std::erase_if(scratch.able, lacks);
  }
  return scratch.able.size() == targets.size() ? targets
                                               : std::span<const execution::Target>(scratch.able);
}

// Of a provider that cannot count: with our own tokenizer, exact or estimated.
async::Task<void> Gateway::CountHere(const chat::Envelope& envelope, const request::Call& call,
                                     Scratch& scratch, request::Sink& sink) {
  auto request = call.dialect->ParseCountRequest(scratch.body.Root());
  if (!request) {
    co_await Refuse(call, sink, std::move(request).error());
    co_return;
  }
  request->model = envelope.model.substr(envelope.model.rfind('/') + 1);
  const tokens::TokenCount count = counter_.CountChat(*request);
  const std::string body = call.dialect->RenderCountAnswer(static_cast<std::int64_t>(count.tokens));
  const std::string id = call.id.Text();
  request::AnswerHead head;
  head.request_id = id;
  head.overhead = core::MonoNow() - call.arrived;
  const std::string_view piece = body;
  co_await sink.Whole(head, {&piece, 1});
}

async::Task<void> Gateway::Answer(const request::Call& call, core::Error error,
                                  request::AnswerHead head, request::Sink& sink) {
  const std::string retry_after =
      error.retry_after.count() > 0 ? std::to_string(error.retry_after.count()) : "";
  head.retry_after = retry_after;
  const std::string body =
      call.dialect->RenderError({.status = head.status, .error = std::move(error), .vendor = {}});
  const std::string_view piece = body;
  co_await sink.Whole(head, {&piece, 1});
}

async::Task<void> Gateway::Refuse(const request::Call& call, request::Sink& sink,
                                  core::Error error) {
  meters_.Refused(core::Name(error.code));
  const std::string id = call.id.Text();
  request::AnswerHead head;
  head.status = core::HttpStatus(error.code);
  head.request_id = id;
  head.overhead = core::MonoNow() - call.arrived;
  co_await Answer(call, std::move(error), head, sink);
}

}  // namespace signalbox::gateway
