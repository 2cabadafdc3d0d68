#include "vendors/providers/sim/sim_upstream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/async/gate.h"
#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/stream_parser.h"

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;
using async::Task;
using core::ErrorCode;
using testing::HasSubstr;

constexpr std::string_view kEcho =
    R"({"model":"echo","messages":[{"role":"user","content":"one two three four five"}]})";
constexpr std::string_view kStream =
    R"({"model":"echo","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"one two three four five"}]})";

// What came of one call.
struct Outcome {
  int status = 0;
  std::string content_type;
  std::string retry_after;
  std::string body;
  int reads = 0;
  std::optional<ErrorCode> send_error;
  std::optional<ErrorCode> read_error;
  core::MonoTime head_at{};
  core::MonoTime end_at{};
};

struct Call {
  std::string_view method = "POST";
  std::string_view path = "/chat/completions";
  std::string_view body = kEcho;
  bool whole = false;
  std::chrono::nanoseconds limit = 10s;
  bool cancelled = false;  // right after the call began
};

class SimUpstreamTest : public testing::Test {
 protected:
  void Use(const std::string& script) {
    std::vector<config::Problem> problems;
    auto parsed = ParseScript("faults.yaml", script, problems);
    ASSERT_TRUE(parsed.has_value()) << config::Text(problems);
    run_ = std::make_unique<ScriptRun>(*std::move(parsed));
  }

  Outcome Ask(Call call) {
    loop_ = *async::Loop::Create();
    SimUpstream upstream(*loop_, *run_);
    async::Cancellation cancel;
    Outcome outcome;
    async::Gate gate(*loop_);
    start_ = core::MonoNow();
    loop_->Post([&] {
      gate.Spawn(Run(this, upstream.Open(), call, {loop_->now() + call.limit, &cancel}, &outcome));
    });
    if (call.cancelled) {
      loop_->Post([&] { cancel.Cancel(); });
    }
    loop_->Run();
    return outcome;
  }

  static Task<void> Run(SimUpstreamTest* test, std::unique_ptr<providers::Exchange> exchange,
                        Call call, async::Deadline deadline, Outcome* out) {
    providers::UpstreamRequest request;
    request.method = call.method;
    request.path = call.path;
    const std::string_view half = call.body.substr(0, call.body.size() / 2);
    const std::string_view pieces[] = {half, call.body.substr(half.size())};
    request.body = pieces;
    request.body_bytes = call.body.size();
    auto head = co_await exchange->Send(request, deadline);
    out->head_at = core::MonoNow();
    if (!head) {
      out->send_error = head.error().code;
    } else {
      out->status = head->status;
      out->content_type = head->content_type;
      out->retry_after = head->retry_after;
      co_await ReadBody(exchange.get(), call.whole, deadline, out);
    }
    out->end_at = core::MonoNow();
    test->loop_->Stop();
  }

  static Task<void> ReadBody(providers::Exchange* exchange, bool whole, async::Deadline deadline,
                             Outcome* out) {
    if (whole) {
      auto body = co_await exchange->ReadAll(deadline);
      body ? out->body = *body : (out->read_error = body.error().code, out->body);
      co_return;
    }
    for (;;) {
      auto bytes = co_await exchange->Read(deadline);
      if (!bytes) {
        out->read_error = bytes.error().code;
        co_return;
      }
      if (bytes->empty()) {
        co_return;
      }
      ++out->reads;
      out->body += *bytes;
    }
  }

  std::unique_ptr<async::Loop> loop_;
  std::unique_ptr<ScriptRun> run_ = std::make_unique<ScriptRun>(Script{});
  core::MonoTime start_;
};

std::vector<std::string> Frames(std::string_view body) {
  net::SseReader reader;
  reader.Feed(body);
  std::vector<std::string> frames;
  for (net::SseEvent event; reader.Next(event);) {
    frames.emplace_back(event.data);
  }
  return frames;
}

std::string Field(const std::string& body, std::string_view key) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body)) << body;
  const auto found = document.Root().Find(key);
  return found ? std::string(found->Raw()) : "";
}

TEST_F(SimUpstreamTest, AnswersWhole) {
  const Outcome got = Ask({.whole = true});
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.content_type, "application/json");
  json::Document document;
  ASSERT_TRUE(document.Parse(got.body)) << got.body;
  const auto answer = openai_chat::ParseAnswer(document.Root());
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->model, "echo");
  EXPECT_TRUE(answer->id.starts_with("chatcmpl-"));
  EXPECT_EQ(std::get<chat::Text>(answer->choices.at(0).parts.at(0).content).text,
            "one two three four five");
  EXPECT_EQ(answer->usage->tokens.output, 5);
}

TEST_F(SimUpstreamTest, StreamsTheSameAnswerWithTheSameUsage) {
  const Outcome whole = Ask({.whole = true});
  const Outcome streamed = Ask({.body = kStream});
  EXPECT_EQ(streamed.content_type, "text/event-stream");
  const auto frames = Frames(streamed.body);
  ASSERT_EQ(frames.size(), 9U) << streamed.body;  // role, five tokens, finish, usage, [DONE]
  EXPECT_EQ(frames.back(), "[DONE]");
  EXPECT_EQ(Field(frames[7], "usage"), Field(whole.body, "usage"));
  std::string text;
  for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
    json::Document document;
    ASSERT_TRUE(document.Parse(frames[i])) << frames[i];
    if (const auto choice = document.Root().Find("choices")->FirstChild()) {
      const auto content = choice->Find("delta")->Find("content");
      text += content ? content->AsString().value_or("") : "";
    }
  }
  EXPECT_EQ(text, "one two three four five");
}

TEST_F(SimUpstreamTest, LeavesUsageOutWhenNobodyAsked) {
  const Outcome got =
      Ask({.body = R"({"model":"echo","stream":true,"messages":[{"role":"user","content":"x"}]})"});
  EXPECT_THAT(got.body, testing::Not(HasSubstr("\"usage\"")));
  EXPECT_TRUE(got.body.ends_with("data: [DONE]\n\n")) << got.body;
}

TEST_F(SimUpstreamTest, EqualCallsGetEqualBytes) {
  const auto without_created = [](std::string text) {
    for (auto at = text.find("\"created\":"); at != std::string::npos;
         at = text.find("\"created\":", at)) {
      text.erase(at, text.find(',', at) - at);
    }
    return text;
  };
  EXPECT_EQ(without_created(Ask({.body = kStream}).body),
            without_created(Ask({.body = kStream}).body));
}

TEST_F(SimUpstreamTest, MakesEmbeddings) {
  const Outcome got = Ask({.path = "/embeddings",
                           .body = R"({"model":"embed","input":["a b","c"],"dimensions":4})",
                           .whole = true});
  json::Document document;
  ASSERT_TRUE(document.Parse(got.body)) << got.body;
  const auto answer = openai_chat::ParseEmbeddingsAnswer(document.Root());
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->data.size(), 2U);
  EXPECT_EQ(answer->usage->tokens.input, 3);
}

TEST_F(SimUpstreamTest, ListsModels) {
  const Outcome list = Ask({.method = "GET", .path = "/models", .body = "", .whole = true});
  EXPECT_THAT(list.body, HasSubstr("\"id\":\"echo\""));
  const Outcome one =
      Ask({.method = "GET", .path = "/v1/models/sim/echo", .body = "", .whole = true});
  EXPECT_EQ(Field(one.body, "id"), "\"sim/echo\"");
}

TEST_F(SimUpstreamTest, RefusesInOpenAisForm) {
  struct Bad {
    Call call;
    int status;
  };
  const Bad cases[] = {
      {{.path = "/nothing"}, 404},
      {{.method = "GET"}, 405},
      {{.method = "POST", .path = "/models"}, 405},
      {{.body = "{"}, 400},
      {{.body = "{}"}, 400},
      {{.body = R"({"model":"m","messages":[]})"}, 400},
      {{.body = R"({"model":"m","messages":7})"}, 400},
      {{.path = "/embeddings", .body = R"({"model":"m"})"}, 400},
  };
  for (const auto& [call, status] : cases) {
    Call whole = call;
    whole.whole = true;
    const Outcome got = Ask(whole);
    EXPECT_EQ(got.status, status) << call.body;
    EXPECT_THAT(Field(got.body, "error"), HasSubstr("\"message\"")) << got.body;
  }
}

TEST_F(SimUpstreamTest, KeepsThePaceOfTheScript) {
  Use("rules: [{delay: 3ms, first_token: 4ms, tokens_per_second: 500}]");
  const Outcome got = Ask({.body = kStream});
  EXPECT_GE(got.head_at - start_, 3ms);
  EXPECT_GE(got.end_at - got.head_at, 4ms + 4 * 2ms);  // the fifth token is the last to wait for
  EXPECT_GE(got.reads, 2);
  EXPECT_EQ(Frames(got.body).size(), 9U);
}

TEST_F(SimUpstreamTest, WholeAnswersTakeAsLongAsTheirTokens) {
  Use("rules: [{tokens_per_second: 1000}]");
  const Outcome got = Ask({.whole = true});
  EXPECT_GE(got.head_at - start_, 5ms);
  EXPECT_EQ(got.status, 200);
}

TEST_F(SimUpstreamTest, FailsWithTheStatusOfTheScript) {
  Use("rules: [{status: 503, error: {message: Busy, code: busy}, retry_after: junk}]");
  const Outcome got = Ask({.body = kStream, .whole = true});
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.retry_after, "junk");
  EXPECT_EQ(got.content_type, "application/json");
  EXPECT_THAT(got.body, testing::AllOf(HasSubstr("\"Busy\""), HasSubstr("\"busy\""),
                                       HasSubstr("server_error")));
}

TEST_F(SimUpstreamTest, LimitsTheRate) {
  Use("rules: [{rate_limit: {requests: 2, per: 1h}}]");
  EXPECT_EQ(Ask({}).status, 200);
  EXPECT_EQ(Ask({}).status, 200);
  const Outcome over = Ask({});
  EXPECT_EQ(over.status, 429);
  EXPECT_EQ(over.retry_after, "1800");
  EXPECT_THAT(over.body, HasSubstr("rate_limit_exceeded"));
}

TEST_F(SimUpstreamTest, ResetsBeforeTheHead) {
  Use("rules: [{reset: before_head}]");
  EXPECT_EQ(Ask({}).send_error, ErrorCode::kUpstreamFailed);
}

TEST_F(SimUpstreamTest, BreaksStreamsAfterTheirTokens) {
  struct Ending {
    const char* effect;
    std::optional<ErrorCode> error;
  };
  for (const auto& [effect, error] :
       {Ending{"reset: 2", ErrorCode::kUpstreamFailed},
        Ending{"cut_after: 2", ErrorCode::kUpstreamFailed},
        Ending{"hang: 2", ErrorCode::kDeadlineExceeded}, Ending{"error_after: 2", std::nullopt}}) {
    Use(std::string("rules: [{") + effect + "}]");
    const Outcome got = Ask({.body = kStream, .limit = 5ms});
    EXPECT_EQ(got.status, 200) << effect;
    EXPECT_EQ(got.read_error, error) << effect;
    EXPECT_THAT(got.body, HasSubstr(" two")) << effect;
    EXPECT_THAT(got.body, testing::Not(HasSubstr(" three"))) << effect;
    EXPECT_THAT(got.body, testing::Not(HasSubstr("[DONE]"))) << effect;
    EXPECT_EQ(got.body.find("\"error\"") != std::string::npos, !error) << got.body;
  }
}

TEST_F(SimUpstreamTest, BreaksShortAnswersBeforeTheirEnd) {
  Use("rules: [{cut_after: 100}]");
  const Outcome streamed = Ask({.body = kStream});
  EXPECT_EQ(streamed.read_error, ErrorCode::kUpstreamFailed);
  EXPECT_THAT(streamed.body, HasSubstr(" five"));
  EXPECT_THAT(streamed.body, testing::Not(HasSubstr("\"stop\"")));
  const Outcome whole = Ask({.whole = true});
  EXPECT_EQ(whole.read_error, ErrorCode::kUpstreamFailed);
}

TEST_F(SimUpstreamTest, HangsUntilTheDeadlineOrTheCancellation) {
  Use("rules: [{hang: before_head}]");
  EXPECT_EQ(Ask({.limit = 3ms}).send_error, ErrorCode::kDeadlineExceeded);
  EXPECT_EQ(Ask({.limit = 1h, .cancelled = true}).send_error, ErrorCode::kCancelled);
}

TEST_F(SimUpstreamTest, DeadlineEndsAStreamInTheMiddle) {
  Use("rules: [{tokens_per_second: 1}]");
  const Outcome got = Ask({.body = kStream, .limit = 3ms});
  EXPECT_EQ(got.read_error, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(got.body, HasSubstr("\"one\""));
}

TEST_F(SimUpstreamTest, SendsMalformedAnswers) {
  Use("rules: [{malformed: json}]");
  const Outcome cut = Ask({.whole = true});
  json::Document document;
  EXPECT_FALSE(cut.read_error.has_value());
  EXPECT_FALSE(document.Parse(cut.body)) << cut.body;
  const auto frames = Frames(Ask({.body = kStream}).body);
  ASSERT_EQ(frames.size(), 9U);
  EXPECT_TRUE(document.Parse(frames[1]));
  EXPECT_FALSE(document.Parse(frames[2])) << frames[2];
  EXPECT_TRUE(document.Parse(frames[3]));

  Use("rules: [{malformed: utf8}]");
  EXPECT_FALSE(document.Parse(Ask({.whole = true}).body));
  Use("rules: [{malformed: sse}]");
  EXPECT_THAT(Ask({.body = kStream}).body, HasSubstr("garbage"));
  Use("rules: [{malformed: chunking}]");
  EXPECT_EQ(Ask({.body = kStream}).read_error, ErrorCode::kUpstreamProtocol);
}

TEST_F(SimUpstreamTest, SendsInSlices) {
  const Outcome smooth = Ask({});
  Use("rules: [{slice: 7}]");
  const Outcome sliced = Ask({});
  EXPECT_EQ(sliced.body.size(), smooth.body.size());
  EXPECT_EQ(sliced.reads, static_cast<int>((smooth.body.size() + 6) / 7));
  Use("rules: [{slice: 100, drip: 1ms}]");
  const Outcome dripped = Ask({});
  EXPECT_EQ(dripped.body.size(), smooth.body.size());
  EXPECT_GE(dripped.end_at - dripped.head_at, 1ms * (dripped.reads - 1));
}

TEST_F(SimUpstreamTest, SendsTheScriptsOwnBody) {
  Use("rules: [{body: '<html>', status: 502}]");
  const Outcome got = Ask({.whole = true});
  EXPECT_EQ(got.status, 502);
  EXPECT_EQ(got.body, "<html>");
}

}  // namespace
}  // namespace signalbox::sim
