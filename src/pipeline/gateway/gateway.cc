#include "pipeline/gateway/gateway.h"

#include "pipeline/gateway/call_run.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;

constexpr std::size_t kKeptScratchBytes = 64 * 1024;
constexpr std::size_t kMostHops = 8;

// Hints in the body's metadata. Values that are views may be of `texts`.
core::Status ReadMetadata(const json::Value& body, std::array<std::string, 2>& texts,
                          request::Hints& out) {
  const auto metadata = body.Find("metadata");
  if (!metadata || !metadata->IsObject()) {
    return {};
  }
  core::Status status;
  std::string name;
  std::string unescaped;
  json::ForEachMember(*metadata, [&](const json::Value& key, const json::Value& value) {
    const auto hint = key.AsText(name);
    if (!status || !hint->starts_with("x-signalbox-") || !value.IsString()) {
      return;
    }
    std::string_view wish = *value.AsText(unescaped);
    if (const bool model = *hint == "x-signalbox-model"; model || *hint == "x-signalbox-task") {
      std::string& text = texts[model ? 0 : 1];
      text.assign(wish);  // outlives the loop
      wish = text;
    }
    status = ReadHint(*hint, wish, out);
  });
  return status;
}

}  // namespace

// A Scratch for one run.
class Gateway::ScratchLease {
 public:
  explicit ScratchLease(Gateway& gateway) : gateway_(gateway), scratch_(gateway.scratch_.Take()) {}
  ~ScratchLease() {
    scratch_->body.Shrink(kKeptScratchBytes);
    scratch_->answer.Shrink(kKeptScratchBytes);
    scratch_->passed.clear();
    for (std::string* text : {&scratch_->text, &scratch_->wishes[0], &scratch_->wishes[1]}) {
      if (text->capacity() > kKeptScratchBytes) {
        *text = {};
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

Gateway::Gateway(async::Loop& loop, std::shared_ptr<Lineup> lineup, ledger::Journal& journal,
                 Meters& meters, const tokens::Counter& counter, std::string instance)
    : loop_(loop),
      lineup_(std::move(lineup)),
      journal_(journal),
      meters_(meters),
      counter_(counter),
      instance_(std::move(instance)) {}

void Gateway::GiveMemoryBack() {
  scratch_.Clear();
  lineup_->GiveMemoryBack();
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
  if (auto ok = CheckHops(call.hops); !ok) {
    co_await Refuse(call, sink, std::move(ok).error());
    co_return;
  }
  const ScratchLease scratch(*this);
  if (auto valid = (*scratch).body.Parse(call.body); !valid) {
    co_await Refuse(call, sink, std::move(valid).error());
    co_return;
  }
  auto envelope = openai_chat::ReadEnvelope((*scratch).body, call.operation);
  if (!envelope) {
    co_await Refuse(call, sink, std::move(envelope).error());
    co_return;
  }
  request::Hints hints;
  if (auto read = ReadMetadata((*scratch).body.Root(), (*scratch).wishes, hints); !read) {
    co_await Refuse(call, sink, std::move(read).error());
    co_return;
  }
  request::Call hinted = call;
  hinted.hints.AddMissing(hints);
  const std::shared_ptr<Lineup> lineup = lineup_;  // a reload changes nothing for this run
  const auto resolved = lineup->targets().Resolve(envelope->model, hinted.hints);
  if (!resolved) {
    co_await Refuse(call, sink, resolved.error());
    co_return;
  }
  execution::Target alone;
  execution::Plan plan{.targets = lineup->Ready(*resolved, alone)};
  const std::chrono::nanoseconds patience = lineup->MostPatient(plan.targets);
  plan.deadline = call.arrived + std::min(hinted.hints.max_latency.value_or(patience), patience);
  CallRun run(*this, *lineup, hinted, principal, plan, *scratch);
  co_await run.Run(*envelope, sink);
}

async::Task<void> Gateway::Answer(core::Error error, request::AnswerHead head,
                                  request::Sink& sink) {
  const std::string body = openai_chat::ErrorBody(error);
  const std::string_view piece = body;
  const std::string retry_after =
      error.retry_after.count() > 0 ? std::to_string(error.retry_after.count()) : "";
  head.retry_after = retry_after;
  co_await sink.Whole(head, {&piece, 1});
}

std::string Gateway::ErrorEvent(const core::Error& error) const {
  return "data: " + openai_chat::ErrorBody(error) + "\n\n";
}

async::Task<void> Gateway::Refuse(const request::Call& call, request::Sink& sink,
                                  core::Error error) {
  meters_.Refused(core::Name(error.code));
  const std::string id = call.id.Text();
  request::AnswerHead head;
  head.status = core::HttpStatus(error.code);
  head.request_id = id;
  head.overhead = core::MonoNow() - call.arrived;
  co_await Answer(std::move(error), head, sink);
}

}  // namespace signalbox::gateway
