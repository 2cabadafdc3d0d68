// A gateway with a scripted upstream, a sink that writes down what it gets, and a real journal.
#pragma once

#include <deque>
#include <map>

#include "base/async/async_testing.h"
#include "base/async/watch.h"
#include "pipeline/gateway/gateway.h"
#include "pipeline/ledger/ledger_test_support.h"
#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::gateway {

// What one call at the fake upstream does.
struct FakeAnswer {
  std::optional<core::Error> send_error{};
  int status = 200;
  std::string content_type = "application/json";
  std::string retry_after{};
  std::vector<std::string> pieces{};        // of the body
  std::optional<core::Error> read_error{};  // after the pieces
  bool crosses = false;  // the first sending meets a connection that is being closed
  std::function<void()> before_second_sending{};
  std::function<void(std::size_t)> before_piece{};  // e.g. to cancel
  bool waits = false;            // for ever, or until the deadline or the cancellation
  async::Event* held = nullptr;  // the head comes when it is set, or never
};

// What was asked of it.
struct FakeCall {
  std::string path, body, hops, request_id, content_type;
  std::optional<std::uint64_t> length;  // of a body that comes bit by bit
  bool streamed = false;
  async::Deadline deadline;
  std::size_t pieces_read = 0;
  bool read_to_end = false;
};

class FakeUpstream final : public providers::Upstream {
 public:
  explicit FakeUpstream(async::Loop& loop) : loop_(loop) {}
  std::unique_ptr<providers::Exchange> Open() override;

  std::deque<FakeAnswer> answers;
  std::deque<FakeCall> calls;

 private:
  class FakeExchange;
  async::Loop& loop_;
};

class FakeUpstream::FakeExchange final : public providers::Exchange {
 public:
  FakeExchange(async::Loop& loop, FakeAnswer answer, FakeCall& call)
      : loop_(loop), answer_(std::move(answer)), call_(call) {}

  async::Task<core::Result<providers::UpstreamHead>> Send(const providers::UpstreamRequest& request,
                                                          async::Deadline deadline) override {
    if (answer_.crosses && !crossed_) {
      crossed_ = true;
      co_return core::Fail(core::ErrorCode::kUpstreamFailed, "closed");
    }
    if (std::exchange(crossed_, false)) {
      answer_.before_second_sending();
    }
    call_.path = request.path;
    for (const std::string_view piece : request.body) {
      call_.body += piece;
    }
    EXPECT_EQ(call_.body.size(), request.body_bytes);
    call_.content_type = request.content_type;
    if (request.source != nullptr && !answer_.send_error) {
      call_.length = request.source->size();
      while (true) {
        SB_CO_TRY(const std::string_view bytes, co_await request.source->Next());
        if (bytes.empty()) {
          break;
        }
        call_.body += bytes;
      }
    }
    call_.hops = request.hops;
    call_.request_id = request.request_id;
    call_.streamed = request.streamed;
    call_.deadline = deadline;
    if (answer_.waits) {
      const async::Wake wake = co_await loop_.SleepUntil(deadline);
      co_return std::unexpected(async::ToError(wake));
    }
    if (answer_.held != nullptr) {
      const async::Wake wake = co_await answer_.held->Wait(deadline);
      if (wake != async::Wake::kReady) {
        co_return std::unexpected(async::ToError(wake));
      }
    }
    if (answer_.send_error) {
      co_return std::unexpected(*answer_.send_error);
    }
    co_return providers::UpstreamHead{.status = answer_.status,
                                      .content_type = answer_.content_type,
                                      .retry_after = answer_.retry_after};
  }
  bool crossed() const override { return crossed_; }
  bool HasBytes() const override { return false; }
  async::Task<core::Result<std::string_view>> Read(async::Deadline deadline) override {
    if (deadline.cancellation != nullptr && deadline.cancellation->cancelled()) {
      co_return std::unexpected(async::ToError(async::Wake::kCancelled));
    }
    const std::size_t i = call_.pieces_read;
    if (answer_.before_piece) {
      answer_.before_piece(i);
    }
    if (i < answer_.pieces.size()) {
      ++call_.pieces_read;
      co_return std::string_view(answer_.pieces[i]);
    }
    if (answer_.read_error && answer_.read_error->code == core::ErrorCode::kDeadlineExceeded) {
      const async::Wake wake = co_await loop_.SleepUntil(deadline);
      co_return std::unexpected(async::ToError(wake));
    }
    if (answer_.read_error) {
      co_return std::unexpected(*answer_.read_error);
    }
    call_.read_to_end = true;
    co_return std::string_view();
  }
  async::Task<core::Result<std::string_view>> ReadAll(async::Deadline deadline) override {
    while (true) {
      const auto piece = co_await Read(deadline);
      if (!piece) {
        co_return std::unexpected(piece.error());
      }
      if (piece->empty()) {
        co_return std::string_view(whole_);
      }
      whole_ += *piece;
    }
  }

 private:
  async::Loop& loop_;
  FakeAnswer answer_;
  FakeCall& call_;
  std::string whole_;
  bool crossed_ = false;
};

inline std::unique_ptr<providers::Exchange> FakeUpstream::Open() {
  EXPECT_FALSE(answers.empty()) << "the upstream is called once too often";
  FakeAnswer answer = answers.empty() ? FakeAnswer{} : std::move(answers.front());
  if (!answers.empty()) {
    answers.pop_front();
  }
  return std::make_unique<FakeExchange>(loop_, std::move(answer), calls.emplace_back());
}

class RecordingSink final : public request::Sink {
 public:
  int status = 0;
  core::MonoTime until{};
  std::string content_type, request_id, provider, model, retry_after, dropped, body, cache;
  std::chrono::seconds age{-1};
  std::int64_t cost = -1;
  std::int64_t saved = -1;
  bool whole = false;
  bool begun = false;
  bool flushed = false;
  bool ended = false;
  int writes = 0;
  int fail_from_write = 1000;              // Begin, Piece and End count; from then on they fail
  std::function<void()> on_fail;           // e.g. cancels, as an HTTP exchange does
  std::function<void()> before_last_byte;  // at Whole and End

  async::Task<core::Status> Whole(const request::AnswerHead& head,
                                  std::span<const std::string_view> pieces) override {
    EXPECT_FALSE(whole || begun);
    whole = true;
    TakeHead(head);
    return Write(pieces, true);
  }
  async::Task<core::Status> Begin(const request::AnswerHead& head, bool flush) override {
    EXPECT_FALSE(whole || begun);
    begun = true;
    flushed = flush;
    TakeHead(head);
    return Write({}, false);
  }
  async::Task<core::Status> Piece(std::span<const std::string_view> pieces, bool) override {
    EXPECT_TRUE(begun && !ended);
    return Write(pieces, false);
  }
  async::Task<core::Status> End(std::span<const std::string_view> pieces) override {
    EXPECT_TRUE(begun && !ended);
    ended = true;
    return Write(pieces, true);
  }

 private:
  void TakeHead(const request::AnswerHead& head) {
    status = head.status;
    until = head.until;
    content_type = head.content_type;
    request_id = head.request_id;
    provider = head.provider;
    model = head.model;
    retry_after = head.retry_after;
    dropped = head.dropped;
    cache = head.cache;
    age = head.age;
    cost = head.cost_nano_usd;
    saved = head.saved_nano_usd;
    EXPECT_GE(head.overhead.count(), 0);
  }
  async::Task<core::Status> Write(std::span<const std::string_view> pieces, bool last) {
    if (last && before_last_byte) {
      before_last_byte();
    }
    if (++writes >= fail_from_write) {
      if (on_fail) {
        on_fail();
      }
      co_return core::Fail(core::ErrorCode::kUpstreamFailed, "gone");
    }
    for (const std::string_view piece : pieces) {
      body += piece;
    }
    co_return core::Status{};
  }
};

// A body that comes in pieces of one size.
class SlicedUpload final : public request::Upload {
 public:
  SlicedUpload(std::string text, std::size_t size) : text_(std::move(text)), size_(size) {
    content_type = "multipart/form-data; boundary=b";
    length = text_.size();
    held = 1024 * 1024;
  }
  async::Task<core::Result<std::string_view>> Read() override {
    if (fail_at && at_ >= *fail_at) {
      co_return core::Fail(core::ErrorCode::kCancelled, "the client left");
    }
    const std::string_view piece = std::string_view(text_).substr(at_, size_);
    at_ += piece.size();
    co_return piece;
  }
  std::optional<std::size_t> fail_at;
  std::size_t read() const { return at_; }

 private:
  std::string text_;
  std::size_t size_;
  std::size_t at_ = 0;
};

struct GatewayRig {
  explicit GatewayRig(async::Loop& test_loop, providers::ProviderOptions options = {},
                      ledger::JournalOptions journal_options = {.ring_bytes = 1024 * 1024},
                      execution::RetryOptions retry = {.attempts = 1})
      : loop(test_loop),
        registry(1),
        families(registry),
        meters(families, 0),
        journal(*ledger::Journal::Open(directory.File("ring"), journal_options)),
        upstream(std::make_shared<FakeUpstream>(loop)),
        resolver(loop),
        gateway(loop, {.lineup = MakeLineup(std::move(options), retry),
                       .journal = *journal,
                       .meters = meters,
                       .counter = counter,
                       .fetcher = {loop, resolver, nullptr, {}},
                       .instance = "instance-1",
                       .cache = &cache}) {}

  async::Task<void> Run(std::string body, RecordingSink* sink, request::Hints hints = {},
                        std::string hops = {}, chat::Operation operation = chat::Operation::kChat) {
    const request::Call call{.id = core::RequestId::New(loop.wall_now(), random),
                             .dialect = dialect,
                             .operation = operation,
                             .body = body,
                             .hints = hints,
                             .hops = hops,
                             .arrived = loop.now(),
                             .cancellation = &cancellation};
    co_await gateway.Run(call, principal, *sink);
  }
  async::Task<void> RunUpload(request::Upload* upload, RecordingSink* sink,
                              request::Hints hints = {}) {
    const request::Call call{.id = core::RequestId::New(loop.wall_now(), random),
                             .dialect = dialect,
                             .operation = chat::Operation::kTranscriptions,
                             .upload = upload,
                             .hints = hints,
                             .arrived = loop.now(),
                             .cancellation = &cancellation};
    co_await gateway.Run(call, principal, *sink);
  }
  std::vector<ledger::OwnedRecord> Records() { return ledger::DrainAll(*journal); }
  // The journal in short: "intent 1, ok 1 200".
  std::string Story() {
    std::string story;
    for (const ledger::OwnedRecord& each : Records()) {
      story += story.empty() ? "" : ", ";
      story += each.settlement() ? std::string(ledger::Name(each.record.outcome)) : "intent";
      story += " " + std::to_string(each.record.attempt);
      if (each.settlement()) {
        story += " " + std::to_string(each.record.status);
      }
    }
    return story;
  }
  bool Counts(const std::string& line) const {
    return registry.Text().find(line + "\n") != std::string::npos;
  }

  async::Loop& loop;
  ledger::TempDirectory directory;
  core::Random random{7};
  async::Cancellation cancellation;
  telemetry::Registry registry;
  MeterFamilies families;
  Meters meters;
  std::unique_ptr<ledger::Journal> journal;
  const tokens::Counter counter{""};
  std::shared_ptr<FakeUpstream> upstream;
  net::Resolver resolver;
  cache::ExactCache cache{{.max_bytes = config::MiB(1)}};
  Gateway gateway;
  request::Principal principal{.id = "someone", .grant = nullptr};
  const wire::Dialect* dialect = &openai_chat::TheDialect();  // that callers speak

  // Of the provider edge alone, with `upstream`.
  std::shared_ptr<Lineup> MakeLineup(providers::ProviderOptions options,
                                     execution::RetryOptions retry, std::uint64_t epoch = 0) {
    options.base_url = config::ParseUrl("http://127.0.0.1:9/v1");
    return std::make_shared<Lineup>(Lineup::Parts{
        .targets = std::make_shared<request::Targets>(
            std::vector{providers::MakeProvider("edge", options)},
            std::map<std::string, request::AliasOptions>{
                {"fast", {.targets = {"edge/small"}, .fallback = {"edge/large"}}},
                {"eyes", {.targets = {"edge/gpt-3.5-turbo"}, .fallback = {"edge/gpt-4o"}}},
                {"blind", {.targets = {"edge/gpt-3.5-turbo"}, .fallback = {"edge/gpt-4"}}}},
            request::RoutingOptions{.default_model = "edge/standard"}),
        .catalog = catalog::Catalog::BuiltIn(),
        .upstreams = {upstream},
        .retry = retry,
        .breaker = {},
        .cache = {},
        .epoch = epoch});
  }
};

}  // namespace signalbox::gateway
