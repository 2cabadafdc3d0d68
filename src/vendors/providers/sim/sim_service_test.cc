#include "vendors/providers/sim/sim_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;
using Kind = BodyStream::Step::Kind;
using testing::ElementsAre;

constexpr std::string_view kStream =
    R"({"model":"echo","stream":true,"messages":[{"role":"user","content":"one two three"}]})";

class SimServiceTest : public testing::Test {
 protected:
  ServiceAnswer Ask(const std::string& script, std::string_view body,
                    std::string_view path = "/v1/chat/completions") {
    std::vector<config::Problem> problems;
    auto parsed = ParseScript("faults.yaml", script, problems);
    EXPECT_TRUE(parsed.has_value()) << config::Text(problems);
    run_ = std::make_unique<ScriptRun>(parsed.value_or(Script{}));
    service_ = std::make_unique<SimService>(*run_);
    return service_->Handle({.method = "POST",
                             .path = path,
                             .body = body,
                             .headers = {},
                             .now = core::MonoTime{},
                             .wall_now = core::WallTime{1000s}});
  }

  std::unique_ptr<ScriptRun> run_;
  std::unique_ptr<SimService> service_;
};

// Plays a body in virtual time: the moments at which bytes came, and the bytes.
struct Played {
  std::vector<std::chrono::nanoseconds> moments;
  std::string bytes;
  Break ending = Break::kNone;
};

Played Play(BodyStream& body) {
  Played out;
  std::chrono::nanoseconds now{0};
  for (;;) {
    const auto step = body.Next(now);
    if (step.kind == Kind::kEnd) {
      out.ending = body.ending();
      return out;
    }
    if (step.kind == Kind::kWait) {
      EXPECT_GT(step.at, now);
      EXPECT_FALSE(body.Due(now));
      now = step.at;
      EXPECT_TRUE(body.Due(now));
    } else {
      out.moments.push_back(now);
      out.bytes += step.bytes;
    }
  }
}

TEST_F(SimServiceTest, TokensAreDueAtTheScriptsPace) {
  const auto answer = Ask("rules: [{first_token: 300ms, tokens_per_second: 20}]", kStream);
  EXPECT_EQ(answer.head_at, 0ns);
  EXPECT_FALSE(answer.length.has_value());
  const Played played = Play(*answer.body);
  EXPECT_THAT(played.moments, ElementsAre(0ms, 300ms, 350ms, 400ms));
}

TEST_F(SimServiceTest, SlowModelIsSlowWithoutAScript) {
  const auto answer =
      Ask("", R"({"model":"sim/slow","messages":[{"role":"user","content":"ping"}]})");
  EXPECT_EQ(answer.head_at, 300ms + 50ms);
}

TEST_F(SimServiceTest, UnpacedStreamsComeTogether) {
  const auto answer = Ask("", kStream);
  const Played played = Play(*answer.body);
  EXPECT_EQ(played.moments.size(), 1U);
  EXPECT_EQ(played.ending, Break::kNone);
}

TEST_F(SimServiceTest, DripsOneByteAtATime) {
  const auto answer = Ask("rules: [{drip: 1s, body: abc}]", kStream);
  EXPECT_EQ(answer.length, 3U);
  const Played played = Play(*answer.body);
  EXPECT_THAT(played.moments, ElementsAre(0s, 1s, 2s));
  EXPECT_EQ(played.bytes, "abc");
}

TEST_F(SimServiceTest, CutWholeAnswersPromiseMoreThanTheySend) {
  const auto answer =
      Ask("rules: [{cut_after: 1}]",
          R"({"model":"echo","messages":[{"role":"user","content":"one two three"}]})");
  const Played played = Play(*answer.body);
  EXPECT_EQ(played.ending, Break::kCut);
  EXPECT_GT(played.bytes.size(), 0U);
  EXPECT_LT(played.bytes.size(), *answer.length);
}

TEST_F(SimServiceTest, NoHeadSaysHowItFails) {
  const auto answer = Ask("rules: [{reset: before_head, delay: 2s}]", kStream);
  EXPECT_EQ(answer.no_head, Break::kReset);
  EXPECT_EQ(answer.head_at, 2s);
  EXPECT_EQ(answer.body, nullptr);
}

TEST_F(SimServiceTest, ScriptsHeadersComeAlong) {
  const auto answer = Ask("rules: [{headers: {x-served-by: sim}}]", kStream);
  EXPECT_THAT(answer.headers, ElementsAre(testing::Pair("x-served-by", "sim")));
  EXPECT_FALSE(answer.request_id.empty());
}

TEST_F(SimServiceTest, CompletionsAnswerEachPrompt) {
  constexpr std::string_view kPath = "/v1/completions";
  const std::string whole =
      Play(*Ask("", R"({"model":"echo","prompt":["one two","three"]})", kPath).body).bytes;
  EXPECT_THAT(whole, testing::HasSubstr(R"("text":"one two","index":0)"));
  EXPECT_THAT(whole, testing::HasSubstr(R"("text":"three","index":1)"));
  const std::string stream =
      Play(*Ask("", R"({"model":"echo","prompt":"one two","stream":true})", kPath).body).bytes;
  EXPECT_THAT(stream, testing::HasSubstr(R"("text":" two")"));
  EXPECT_TRUE(stream.ends_with("data: [DONE]\n\n"));
  EXPECT_EQ(Ask("", R"({"model":"echo","prompt":[1,2]})", kPath).status, 400);
}

TEST_F(SimServiceTest, EqualRequestsGetEqualBytes) {
  const std::string first = Play(*Ask("", kStream).body).bytes;
  EXPECT_EQ(first, Play(*Ask("", kStream).body).bytes);
  EXPECT_NE(first, Play(*Ask("seed: 5", kStream).body).bytes);  // its id
}

}  // namespace
}  // namespace signalbox::sim
