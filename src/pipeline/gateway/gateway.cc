#include "pipeline/gateway/gateway.h"

#include "pipeline/gateway/attempt.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {
namespace {

using core::ErrorCode;

constexpr std::size_t kKeptScratch = 64;
constexpr std::size_t kKeptScratchBytes = 64 * 1024;
constexpr std::size_t kMostHops = 8;

}  // namespace

// A Scratch for one run.
class Gateway::ScratchLease {
 public:
  explicit ScratchLease(Gateway& gateway) : gateway_(gateway) {
    if (gateway.scratch_.empty()) {
      scratch_ = std::make_unique<Scratch>();
    } else {
      scratch_ = std::move(gateway.scratch_.back());
      gateway.scratch_.pop_back();
    }
  }
  ~ScratchLease() {
    if (gateway_.scratch_.size() < kKeptScratch) {
      scratch_->body.Shrink(kKeptScratchBytes);
      scratch_->answer.Shrink(kKeptScratchBytes);
      gateway_.scratch_.push_back(std::move(scratch_));
    }
  }
  ScratchLease(const ScratchLease&) = delete;
  ScratchLease& operator=(const ScratchLease&) = delete;
  Scratch& operator*() const { return *scratch_; }

 private:
  Gateway& gateway_;
  std::unique_ptr<Scratch> scratch_;
};

Gateway::Gateway(async::Loop& loop, const request::Targets& targets,
                 std::vector<std::unique_ptr<providers::Upstream>> upstreams,
                 ledger::Journal& journal, Meters& meters, std::string instance)
    : loop_(loop),
      targets_(targets),
      upstreams_(std::move(upstreams)),
      journal_(journal),
      meters_(meters),
      instance_(std::move(instance)) {}

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
  const bool preferred =
      !call.hints.model.empty() && (envelope->model.empty() || envelope->model == "auto");
  const auto target = targets_.Resolve(preferred ? call.hints.model : envelope->model);
  if (!target) {
    co_await Refuse(call, sink, target.error());
    co_return;
  }
  Attempt attempt(*this, call, principal, *target, *scratch);
  co_await attempt.Run(*envelope, sink);
}

async::Task<void> Gateway::Refuse(const request::Call& call, request::Sink& sink,
                                  core::Error error) {
  meters_.Refused(core::Name(error.code));
  const std::string id = call.id.Text();
  const std::string body = openai_chat::ErrorBody(error);
  const std::string_view piece = body;
  const std::string retry_after =
      error.retry_after.count() > 0 ? std::to_string(error.retry_after.count()) : "";
  request::AnswerHead head;
  head.status = core::HttpStatus(error.code);
  head.request_id = id;
  head.retry_after = retry_after;
  head.overhead = core::MonoNow() - call.arrived;
  co_await sink.Whole(head, {&piece, 1});
}

}  // namespace signalbox::gateway
