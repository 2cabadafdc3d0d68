#include "pipeline/gateway/cached_run.h"

#include "base/async/watch.h"
#include "pipeline/gateway/account.h"
#include "pipeline/gateway/guarded_call.h"
#include "pipeline/gateway/keeper.h"
#include "pipeline/gateway/retold.h"

namespace signalbox::gateway {
namespace {

using cache::Entry;
using cache::Flights;
using cache::Follower;
using request::AnswerHead;

// So often a request that waited for another's call and got nothing waits again; then it is made.
constexpr int kMostRounds = 3;

// Lets the attempts of a run tell its keeper how they ended.
class KeeperLease {
 public:
  KeeperLease(Scratch& scratch, Keeper& keeper) : scratch_(scratch) { scratch_.keeper = &keeper; }
  ~KeeperLease() { scratch_.keeper = nullptr; }
  KeeperLease(const KeeperLease&) = delete;
  KeeperLease& operator=(const KeeperLease&) = delete;

 private:
  Scratch& scratch_;
};

request::TenantId TenantOf(const request::Principal& principal) {
  return principal.grant == nullptr ? request::TenantId{} : principal.grant->parties.tenant;
}

}  // namespace

CachedRun::CachedRun(const CallContext& context, const execution::Plan& plan,
                     const cache::Permit& permit)
    : context_(context),
      gateway_(context.gateway),
      lineup_(context.lineup),
      call_(context.call),
      principal_(context.principal),
      plan_(plan),
      scratch_(context.scratch),
      permit_(permit),
      room_(gateway_.cache_->room()) {}

async::Task<void> CachedRun::Run(const chat::Envelope& envelope, request::Sink& sink) {
  if (room_ == nullptr) {
    scratch_.cache = "bypass";
    co_await gateway_.Call(context_, plan_, envelope, sink);
    co_return;
  }
  key_ = gateway_.key_maker().Make({.call = call_,
                                    .principal = principal_,
                                    .envelope = envelope,
                                    .scope = lineup_.cache().scope,
                                    .epoch = lineup_.epoch()},
                                   scratch_.body.Root());
  for (int round = 0; permit_.serve && round < kMostRounds; ++round) {
    if (Entry entry = Find()) {
      co_await Give(std::move(entry), sink);
      co_return;
    }
    auto joined = room_->flights.Join(key_, gateway_.loop_);
    if (auto* lead = std::get_if<Lead>(&joined)) {
      // One may have landed since the table was looked into.
      if (Entry entry = Find()) {
        lead->Land({.answer = entry.Share(), .refusal = nullptr});
        co_await Give(std::move(entry), sink);
        co_return;
      }
      co_await Call(lead, envelope, sink);
      co_return;
    }
    auto* follower = std::get_if<std::shared_ptr<Follower>>(&joined);
    if (follower == nullptr) {
      break;
    }
    if (co_await Follow(std::move(*follower), sink)) {
      co_return;
    }
  }
  co_await Call(nullptr, envelope, sink);
}

// What is there, is young enough, and may be this caller's.
Entry CachedRun::Find() const {
  const core::MonoTime now = gateway_.loop_.now();
  Entry entry = room_->table.Find(key_, now);
  if (entry && (now - entry.facts().stored > permit_.max_age ||
                !MayHave(entry.texts().provider, entry.texts().model))) {
    return {};
  }
  return entry;
}

// Whether the answer could also be one to a call of this caller's own: what it may use, and what
// can be asked this, is what the plan leads to.
bool CachedRun::MayHave(std::string_view provider, std::string_view model) const {
  for (const execution::Target& target : plan_.targets) {
    if (target.model == model && lineup_.provider(target.provider).name == provider) {
      return true;
    }
  }
  return false;
}

// Waits for another's call of the same; false: it has brought nothing that this caller can have.
async::Task<bool> CachedRun::Follow(std::shared_ptr<Follower> follower, request::Sink& sink) {
  const async::Wake wake = co_await follower->Wait({plan_.deadline, call_.cancellation});
  if (wake == async::Wake::kCancelled) {
    co_return true;  // nobody is left to be told
  }
  if (wake == async::Wake::kDeadline) {
    co_await gateway_.Refuse(call_, sink, async::ToError(wake));
    co_return true;
  }
  cache::Landing landing = std::move(follower->landing());
  if (landing.answer) {
    const cache::EntryTexts texts = landing.answer.texts();
    if (!MayHave(texts.provider, texts.model)) {
      co_return false;
    }
    gateway_.meters_.cache().shared.Add(1);
    co_await Give(std::move(landing.answer), sink);
    co_return true;
  }
  if (landing.refusal && lineup_.cache().on_error == cache::OnError::kShare &&
      MayHave(landing.refusal->provider, landing.refusal->model)) {
    co_await GiveRefusal(std::move(landing.refusal), sink);
    co_return true;
  }
  co_return false;
}

core::Status CachedRun::Book(const Entry& entry) {
  const cache::EntryFacts& facts = entry.facts();
  const cache::EntryTexts texts = entry.texts();
  ledger::Record record = RecordOf(context_, texts.provider, texts.model, 1);
  record.type = ledger::RecordType::kSettlement;
  record.time = gateway_.loop_.wall_now();
  record.streamed = facts.streamed;
  record.status = 200;
  record.answer_bytes = entry.body_bytes();
  record.total_us = Micros(core::MonoNow() - call_.arrived);
  record.cost_nano_usd = 0;
  record.cached = true;
  record.saved_nano_usd = facts.cost_nano_usd;
  return gateway_.journal_.AppendAlone(record);
}

async::Task<void> CachedRun::Give(Entry entry, request::Sink& sink) {
  if (core::Status booked = Book(entry); !booked) {
    co_await gateway_.Refuse(call_, sink, std::move(booked).error());
    co_return;
  }
  const cache::EntryFacts& facts = entry.facts();
  const cache::EntryTexts texts = entry.texts();
  const core::MonoTime now = gateway_.loop_.now();
  CacheMeters& meters = gateway_.meters_.cache();
  meters.hits.Add(1);
  meters.saved_usd.Add(static_cast<double>(std::max<std::int64_t>(facts.cost_nano_usd, 0)) / 1e9);
  meters.saved_seconds.Add(std::chrono::duration<double>(facts.took).count());
  std::array<char, core::RequestId::kTextSize> id;
  call_.id.Write(id.data());
  AnswerHead head;
  head.content_type = texts.content_type;
  head.request_id = {id.data(), id.size()};
  head.provider = texts.provider;
  head.model = texts.model;
  head.until = plan_.deadline;
  head.cost_nano_usd = 0;
  head.cache = "hit";
  head.age = std::chrono::duration_cast<std::chrono::seconds>(now - facts.stored);
  head.saved_nano_usd = facts.cost_nano_usd;
  std::vector<std::string_view>& pieces = scratch_.pieces;
  pieces.clear();
  entry.AppendBody(pieces);
  if (call_.dialect->TellsServed()) {
    Retell(call_, {.provider = texts.provider, .streamed = facts.streamed}, now - call_.arrived,
           scratch_);
  }
  head.overhead = core::MonoNow() - call_.arrived;
  gateway_.meters_.overhead().Observe(std::chrono::duration<double>(head.overhead).count());
  if (!facts.streamed) {
    co_await sink.Whole(head, pieces);
    co_return;
  }
  if (co_await sink.Begin(head, false)) {
    co_await sink.End(pieces);
  }
}

async::Task<void> CachedRun::GiveRefusal(std::shared_ptr<const cache::Refusal> refusal,
                                         request::Sink& sink) {
  const std::string id = call_.id.Text();
  AnswerHead head;
  head.status = refusal->status;
  head.content_type = refusal->content_type;
  head.request_id = id;
  head.provider = refusal->provider;
  head.model = refusal->model;
  head.retry_after = refusal->retry_after;
  head.cost_nano_usd = 0;
  head.cache = "miss";
  head.overhead = core::MonoNow() - call_.arrived;
  const std::string_view body = refusal->body;
  gateway_.meters_.Refused("shared_failure");
  co_await sink.Whole(head, {&body, 1});
}

async::Task<void> CachedRun::Call(Lead* lead, const chat::Envelope& envelope, request::Sink& sink) {
  gateway_.meters_.cache().misses.Add(1);
  const GuardedCall guarded(gateway_, call_, lead);
  Keeper keeper({.loop = gateway_.loop_,
                 .call = call_,
                 .to = sink,
                 .table = room_->table,
                 .lead = lead,
                 .key = key_,
                 .tenant = TenantOf(principal_),
                 .permit = permit_,
                 .most_bytes = lineup_.cache().max_entry_bytes.bytes});
  const KeeperLease lease(scratch_, keeper);
  const CallContext context{.gateway = gateway_,
                            .lineup = lineup_,
                            .call = guarded.call(),
                            .principal = principal_,
                            .scratch = scratch_};
  co_await gateway_.Call(context, plan_, envelope, keeper);
}

}  // namespace signalbox::gateway
