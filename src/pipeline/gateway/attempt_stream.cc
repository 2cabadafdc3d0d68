// What an attempt does with a streamed answer.
#include "base/async/watch.h"
#include "pipeline/gateway/attempt.h"
#include "vendors/dialects/openai_chat/fast_lane.h"

namespace signalbox::gateway {
namespace {

using async::Deadline;
using core::ErrorCode;
using core::Status;
using ledger::Outcome;
using request::AnswerHead;

constexpr std::string_view kComment = ":\n\n";
// So long a stream may be quiet before the client is sent a comment, which keeps proxies between us
// from giving up and shows whether the client is still there.
constexpr std::chrono::seconds kQuietTime{15};
// After the client has its answer, how long the upstream may take to end its own.
constexpr std::chrono::milliseconds kTailTime{20};
constexpr int kTailReads = 16;
// An upstream that sends faster than we pass on gets so many reads before others get their turn.
constexpr std::uint32_t kReadsPerTurn = 32;

}  // namespace

// Whether a read's time ran out although the stream may still go on.
bool Attempt::IsOnlyQuiet(const core::Error& error, core::MonoTime stall) const {
  const core::MonoTime now = gateway_.loop_.now();
  return error.code == ErrorCode::kDeadlineExceeded && now < stall && now < deadline_.at;
}

async::Task<void> Attempt::PassStream(providers::UpstreamHead head, bool wants_usage,
                                      request::Sink& sink) {
  StreamRelay relay(wants_usage);
  AnswerHead out = Head(head.status);
  out.content_type = kEventStream;
  bool begun = !exchange_->HasBytes();
  Status passed = co_await sink.Begin(out, begun);
  std::vector<std::string_view>& pieces = scratch_.pieces;
  core::Result<std::string_view> bytes = std::string_view();
  core::MonoTime stall = gateway_.loop_.now() + provider_.options.timeouts.idle;
  async::Turns turns;
  while (!relay.done()) {
    if (turns.Enough(gateway_.loop_, kReadsPerTurn)) {
      co_await gateway_.loop_.Yield();
      if (const async::Wake over = deadline_.Over(gateway_.loop_.now());
          over != async::Wake::kNone) {
        bytes = std::unexpected(async::ToError(over));
        break;
      }
    }
    const core::MonoTime quiet = gateway_.loop_.now() + kQuietTime;
    bytes = co_await exchange_->Read(deadline_.Earlier(std::min(stall, quiet)));
    if (!bytes && IsOnlyQuiet(bytes.error(), stall)) {
      if (passed && relay.at_boundary()) {
        passed = co_await sink.Piece({&kComment, 1}, true);
      }
      continue;
    }
    if (!bytes) {
      break;
    }
    stall = gateway_.loop_.now() + provider_.options.timeouts.idle;
    record_.answer_bytes += bytes->size();
    pieces.clear();
    bytes->empty() ? relay.Finish(pieces) : relay.Take(*bytes, pieces);
    record_.usage = relay.usage();
    if (relay.done()) {
      // The client may take the end marker for the end: settled first.
      Settle(relay.failed() ? Outcome::kFailed : Outcome::kOk, head.status);
      if (passed) {
        co_await sink.End(pieces);
      }
      co_await ReadTail();
      co_return;
    }
    if ((!pieces.empty() || !begun) && passed) {
      co_await gateway_.loop_.AfterEvents();
      begun = true;
      passed = co_await sink.Piece(pieces, relay.at_boundary());
      stall = gateway_.loop_.now() + provider_.options.timeouts.idle;  // not the upstream's time
      if (!passed && deadline_.cancellation == call_.cancellation) {
        Settle(Outcome::kCancelled, head.status);
        co_return;
      }
    }
    if (bytes->empty()) {
      break;
    }
  }
  if (relay.failed()) {
    Settle(Outcome::kFailed, head.status);
    co_await sink.End({});
    co_return;
  }
  core::Error error{ErrorCode::kUpstreamFailed, "the stream ended before it was complete", {}, {}};
  if (!bytes) {
    error = bytes.error();
  }
  pieces.clear();
  if (!bytes && !relay.at_boundary()) {
    pieces.push_back("\n\n");  // ends the event that broke off
  }
  co_await EndBrokenStream(std::move(error), head.status, sink);
}

// Ends a stream with what scratch_.pieces holds and an error event.
async::Task<void> Attempt::EndBrokenStream(core::Error error, int status, request::Sink& sink) {
  error = Judge(std::move(error));
  SettleFailed(error, status);
  if (error.code == ErrorCode::kCancelled) {
    co_return;
  }
  const std::string event =
      "data: " + openai_chat::ErrorBody(std::move(error).At("provider " + provider_.name)) + "\n\n";
  scratch_.pieces.push_back(event);
  co_await sink.End(scratch_.pieces);
}

// Reads what follows the end marker, so that the connection can serve the next call.
async::Task<void> Attempt::ReadTail() {
  const Deadline deadline{gateway_.loop_.now() + kTailTime, nullptr};
  for (int reads = 0; reads < kTailReads; ++reads) {
    const auto bytes = co_await exchange_->Read(deadline);
    if (!bytes || bytes->empty()) {
      co_return;
    }
  }
}

}  // namespace signalbox::gateway
