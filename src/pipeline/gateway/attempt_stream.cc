// What an attempt does with a streamed answer.
#include "base/async/watch.h"
#include "pipeline/gateway/attempt.h"

namespace signalbox::gateway {
namespace {

using async::Deadline;
using core::ErrorCode;
using core::Status;
using ledger::Outcome;

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

// Until there is an event for the caller in scratch_.pieces: until then a failure is not seen by
// them. A stream that stays quiet begins all the same, so that they hear something.
async::Task<Attempt::Result> Attempt::ReceiveFirst() {
  std::vector<std::string_view>& pieces = scratch_.pieces;
  const core::MonoTime stall = gateway_.loop_.now() + provider_.options.timeouts.idle;
  const core::MonoTime quiet = gateway_.loop_.now() + kQuietTime;
  while (true) {
    pieces.clear();
    const auto bytes = co_await exchange_->Read(deadline_.Earlier(std::min(stall, quiet)));
    if (!bytes && IsOnlyQuiet(bytes.error(), stall)) {
      co_return Result::kReady;
    }
    if (!bytes) {
      co_return Fail(bytes.error());
    }
    account_.record().answer_bytes += bytes->size();
    bytes->empty() ? relay_->Finish(pieces) : relay_->Take(*bytes, pieces);
    TakeBill();
    if (relay_->failed() && !relay_->spoke()) {
      co_return FailAsSaid();
    }
    if (relay_->spoke() || relay_->done()) {
      co_return Result::kReady;
    }
    if (bytes->empty()) {
      co_return Fail({ErrorCode::kUpstreamFailed, "the stream ended before it began", {}, {}});
    }
  }
}

// The stream began with an error, and nothing of it has gone on: as if the status had said it.
Attempt::Result Attempt::FailAsSaid() {
  core::Error error{ErrorCode::kUpstreamFailed, "the stream began with an error", {}, {}};
  if (!relay_->error().message.empty()) {
    error.message += ": " + relay_->error().message;
  }
  return Fail(std::move(error));
}

void Attempt::TakeBill() {
  account_.TakeBill(relay_->bill(), relay_->stated());
}

async::Task<bool> Attempt::DeliverStream(request::Sink& sink) {
  request::AnswerHead out = Head(status_);
  out.content_type = content_type_.empty() ? wire::ContentType(call_.framing) : content_type_;
  out.comments = !relay_->Comment().empty();
  std::vector<std::string_view>& pieces = scratch_.pieces;
  Status passed = co_await sink.Begin(out, pieces.empty());
  core::Result<std::string_view> bytes = std::string_view("first");
  core::MonoTime stall = gateway_.loop_.now() + provider_.options.timeouts.idle;
  async::Turns turns;
  while (true) {
    if (relay_->done()) {
      // The client may take the end marker for the end: settled first.
      const bool ok = !relay_->failed();
      Settle(ok ? Outcome::kOk : Outcome::kFailed, status_);
      if (passed) {
        co_await sink.End(pieces);
      }
      co_await ReadTail();
      co_return ok;
    }
    if (!pieces.empty() && passed) {
      co_await gateway_.loop_.AfterEvents();
      passed = co_await sink.Piece(pieces, out.comments && relay_->at_boundary());
      stall = gateway_.loop_.now() + provider_.options.timeouts.idle;  // not the upstream's time
    }
    if (!passed && deadline_.cancellation == call_.cancellation) {
      Settle(Outcome::kCancelled, status_);
      co_return true;  // not the upstream's fault
    }
    if (bytes && bytes->empty()) {
      break;
    }
    if (turns.Enough(gateway_.loop_, kReadsPerTurn)) {
      co_await gateway_.loop_.Yield();
      if (const async::Wake over = deadline_.Over(gateway_.loop_.now());
          over != async::Wake::kNone) {
        bytes = std::unexpected(async::ToError(over));
        break;
      }
    }
    pieces.clear();
    const core::MonoTime quiet = gateway_.loop_.now() + kQuietTime;
    bytes = co_await exchange_->Read(deadline_.Earlier(std::min(stall, quiet)));
    if (!bytes && IsOnlyQuiet(bytes.error(), stall)) {
      if (relay_->at_boundary() && !relay_->Comment().empty()) {
        pieces.push_back(relay_->Comment());
      }
      bytes = std::string_view("quiet");
      continue;
    }
    if (!bytes) {
      break;
    }
    stall = gateway_.loop_.now() + provider_.options.timeouts.idle;
    account_.record().answer_bytes += bytes->size();
    bytes->empty() ? relay_->Finish(pieces) : relay_->Take(*bytes, pieces);
    TakeBill();
  }
  if (relay_->failed()) {
    Settle(Outcome::kFailed, status_);
    co_await sink.End({});
    co_return false;
  }
  pieces.clear();
  core::Error error{ErrorCode::kUpstreamFailed, "the stream ended before it was complete", {}, {}};
  co_return co_await EndBrokenStream(bytes ? std::move(error) : bytes.error(), sink);
}

// Ends a stream with what scratch_.pieces holds and an error event.
async::Task<bool> Attempt::EndBrokenStream(core::Error error, request::Sink& sink) {
  error = Judge(std::move(error));
  const bool cancelled = error.code == ErrorCode::kCancelled;
  const bool ours = cancelled || error.code == ErrorCode::kUnavailable;
  Settle(cancelled ? Outcome::kCancelled : Outcome::kFailed, status_);
  if (!cancelled && relay_->tells_errors()) {
    const int status = core::HttpStatus(error.code);
    std::string event;
    relay_->Break({.status = status,
                   .error = std::move(error).At("provider " + provider_.name),
                   .vendor = {}},
                  event);
    scratch_.pieces.push_back(event);
    co_await sink.End(scratch_.pieces);
  }
  co_return ours;
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
