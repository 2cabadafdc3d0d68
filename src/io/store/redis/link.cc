#include "io/store/redis/link.h"

#include <algorithm>

namespace signalbox::store {
namespace {

using async::Deadline;
using async::Task;

constexpr int kMostDoublings = 16;

}  // namespace

std::chrono::nanoseconds PauseAfter(const RedisOptions& options, int failures, double draw) {
  const auto doubled = options.first_pause * (1 << std::clamp(failures - 1, 0, kMostDoublings));
  const auto pause = std::min(doubled, options.longest_pause);
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(pause.count()) * (0.5 + draw)));
}

RedisLink::RedisLink(RedisContext& context, std::string host, std::uint16_t port,
                     Listener& listener)
    : context_(context),
      origin_{context.options.tls, std::move(host), port},
      listener_(listener),
      client_(context.loop, context.resolver, context.tls, origin_,
              {.connect = context.options.connect}),
      gate_(context.loop),
      to_write_(context.loop) {}

void RedisLink::Start() {
  state_ = State::kConnecting;
  gate_.Spawn(Run());
}

void RedisLink::Write(std::string_view bytes) {
  out_ += bytes;
  to_write_.Set();
}

void RedisLink::Break(std::string_view why) {
  if (usable()) {
    broken_why_ = why;
    break_.Cancel();
  }
}

Task<void> RedisLink::Close(Deadline deadline) {
  if (state_ == State::kNew) {
    state_ = State::kClosed;
    co_return;
  }
  state_ = State::kClosed;
  break_.Cancel();
  gate_.Close();
  (void)co_await gate_.Drained(deadline);
}

void RedisLink::GoDown(core::Error error) {
  if (!broken_why_.empty()) {
    error.message = std::exchange(broken_why_, {});
  }
  error.code = core::ErrorCode::kUnavailable;
  RedisOptions shown = context_.options;
  shown.host = origin_.host;
  shown.port = origin_.port;
  error_ = std::move(error).At(shown.Name());
  out_.clear();
  if (state_ != State::kClosed) {
    state_ = State::kPausing;
  }
  listener_.OnDown(error_);
}

Task<void> RedisLink::Run() {
  while (state_ != State::kClosed) {
    break_.Reset();
    state_ = State::kConnecting;
    core::Error error = co_await Serve();
    GoDown(std::move(error));
    if (state_ == State::kClosed) {
      break;
    }
    break_.Reset();
    const auto pause = PauseAfter(context_.options, ++failures_, context_.random.Draw());
    (void)co_await context_.loop.SleepUntil({context_.loop.now() + pause, &break_});
  }
}

// One connection from its making to its end.
Task<core::Error> RedisLink::Serve() {
  const Deadline connecting{context_.loop.now() + context_.options.connect, &break_};
  auto wire = co_await RedisWire::Open(client_, context_.options, context_.digests, connecting);
  if (!wire) {
    co_return std::move(wire).error();
  }
  failures_ = 0;
  state_ = State::kUp;
  async::Event written(context_.loop);
  if (!gate_.Spawn(WriteAll(wire->get(), &written))) {
    co_return core::Error{.message = "closed"};
  }
  listener_.OnUp();
  core::Error error;
  while (true) {
    auto reply = co_await (*wire)->Read({core::kNever, &break_});
    if (!reply) {
      error = std::move(reply).error();
      break;
    }
    listener_.OnReply(*std::move(reply));
  }
  break_.Cancel();
  (void)co_await written.Wait({});
  co_return error;
}

Task<void> RedisLink::WriteAll(RedisWire* wire, async::Event* done) {
  std::string writing;
  while (true) {
    if (out_.empty()) {
      to_write_.Reset();
      const async::Wake wake = co_await to_write_.Wait({core::kNever, &break_});
      if (wake != async::Wake::kReady) {
        break;
      }
    }
    writing.clear();
    writing.swap(out_);
    const core::Status status = co_await wire->Write(writing, {core::kNever, &break_});
    if (!status) {
      break;
    }
  }
  break_.Cancel();  // the reader ends, too
  done->Set();
}

}  // namespace signalbox::store
