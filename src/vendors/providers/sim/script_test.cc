#include "vendors/providers/sim/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

Script Parse(const std::string& text) {
  std::vector<config::Problem> problems;
  auto script = ParseScript("faults.yaml", text, problems);
  EXPECT_TRUE(script.has_value()) << config::Text(problems);
  return script.value_or(Script{});
}

TEST(Script, ReadsEveryKey) {
  const Script script = Parse(R"(
seed: 9
rules:
  - name: all
    match: {model: "a*", path: /embeddings, message: "*x*", header: {X-Test: "1*"}, streamed: false,
            nth: [1, 3], every: 2, probability: 0.5}
    delay: 5ms
    first_token: 6ms
    tokens_per_second: 2.5
    status: 503
    error: {message: m, type: t, code: c, param: p}
    retry_after: soon
    hang: 4
    malformed: utf8
    slice: 3
    drip: 7us
    usage: {input: 1, output: 2, cached: 3, reasoning: 4}
    finish_reason: length
    headers: {x-a: b}
)");
  ASSERT_EQ(script.rules.size(), 1U);
  const auto& [name, match, effects] = script.rules[0];
  EXPECT_EQ(script.seed, 9U);
  EXPECT_EQ(name, "all");
  EXPECT_EQ(match.model, "a*");
  EXPECT_EQ(match.path, "/embeddings");
  EXPECT_EQ(match.message, "*x*");
  EXPECT_THAT(match.headers, ElementsAre(testing::Pair("x-test", "1*")));
  EXPECT_EQ(match.streamed, false);
  EXPECT_THAT(match.nth, ElementsAre(1, 3));
  EXPECT_EQ(match.every, 2U);
  EXPECT_EQ(match.probability, 0.5);
  EXPECT_EQ(effects.delay, 5ms);
  EXPECT_EQ(effects.first_token, 6ms);
  EXPECT_EQ(effects.tokens_per_second, 2.5);
  EXPECT_EQ(effects.status, 503);
  EXPECT_EQ(effects.error.message + effects.error.type + effects.error.code + effects.error.param,
            "mtcp");
  EXPECT_EQ(effects.retry_after, "soon");
  EXPECT_EQ(effects.breaks, Break::kHang);
  EXPECT_EQ(effects.break_after, 4U);
  EXPECT_FALSE(effects.before_head);
  EXPECT_EQ(effects.malformed, Malformed::kUtf8);
  EXPECT_EQ(effects.slice, 3U);
  EXPECT_EQ(effects.drip, 7us);
  EXPECT_EQ(effects.usage.input + effects.usage.output * 10 + effects.usage.cached * 100 +
                effects.usage.reasoning * 1000,
            4321);
  EXPECT_EQ(effects.finish_reason, "length");
  EXPECT_THAT(effects.headers, ElementsAre(testing::Pair("x-a", "b")));
}

TEST(Script, ReadsAnswers) {
  const Script script = Parse(R"(
rules:
  - answer: just text
  - answer: {json: {a: 1, b: [true, null, "2", 2.50, -x], c: {}}, reasoning: hm}
  - answer: {tool_calls: [{name: f, arguments: {q: yes it is}}, {name: g, arguments: "not json", id: i}]}
  - body: "<html>"
)");
  ASSERT_EQ(script.rules.size(), 4U);
  EXPECT_EQ(script.rules[0].effects.answer->text, "just text");
  EXPECT_EQ(script.rules[1].effects.answer->text,
            R"({"a":1,"b":[true,null,"2",2.50,"-x"],"c":{}})");
  EXPECT_EQ(script.rules[1].effects.answer->reasoning, "hm");
  const auto& calls = script.rules[2].effects.answer->calls;
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].arguments, R"({"q":"yes it is"})");
  EXPECT_EQ(calls[1].arguments, "not json");
  EXPECT_EQ(calls[1].id, "i");
  EXPECT_EQ(script.rules[3].effects.body, "<html>");
}

TEST(Script, EmptyTextIsAScriptWithoutRules) {
  EXPECT_TRUE(Parse("").rules.empty());
  EXPECT_TRUE(Parse("# nothing\n").rules.empty());
}

TEST(Script, ImpliesWhatGoesWithoutSaying) {
  const Script script =
      Parse("rules: [{rate_limit: {requests: 2, per: 1s}}, {drip: 1s}, {reset: before_head}]");
  EXPECT_EQ(script.rules[0].effects.status, 429);
  EXPECT_EQ(script.rules[1].effects.slice, 1U);
  EXPECT_TRUE(script.rules[2].effects.before_head);
}

struct Wrong {
  const char* text;
  const char* problem;
};

TEST(Script, SaysWhatIsWrongAndWhere) {
  const Wrong cases[] = {
      {"ruls: []", R"(faults.yaml:1:1: unknown key "ruls" in the script; did you mean "rules"?)"},
      {"[]", "faults.yaml:1:1: the script must be a mapping"},
      {"rules: 3", "faults.yaml:1:8: rules must be a list"},
      {"rules: [3]", "faults.yaml:1:9: a rule must be a mapping"},
      {"rules:\n  - statos: 3",
       R"(faults.yaml:2:5: unknown key "statos" in a rule; did you mean "status"?)"},
      {"rules:\n  - match: {modle: a}", R"(did you mean "model"?)"},
      {"rules: [{status: 99}]", "faults.yaml:1:18: status must be a whole number from 200 to 599"},
      {"rules: [{status: abc}]", "status must be a whole number"},
      {"rules: [{delay: 5}]", "faults.yaml:1:17: delay must be a duration"},
      {"rules: [{delay: 25h}]", "delay must be a duration up to 24h"},
      {"rules: [{tokens_per_second: 0}]", "tokens_per_second must be a number from"},
      {"rules: [{tokens_per_second: nan}]", "tokens_per_second must be a number from"},
      {"rules: [{malformed: jsn}]", R"(did you mean "json"?)"},
      {"rules: [{match: {streamed: maybe}}]", "streamed must be true or false"},
      {"rules: [{match: {nth: 0}}]", "nth must be a whole number from 1"},
      {"rules: [{match: {probability: 1.5}}]", "probability must be a number from 0 to 1"},
      {"rules: [{rate_limit: {requests: 3}}]", "rate_limit needs requests and per"},
      {"rules: [{reset: 1, hang: 2}]", "a rule has one of cut_after, reset, hang and error_after"},
      {"rules: [{cut_after: before_head}]", "cut_after must be a whole number"},
      {"rules: [{reset: soon}]", "reset must be before_head or a number of tokens"},
      {"rules: [{answer: a, status: 500}]", "a rule has one of answer, body and an error status"},
      {"rules: [{error: oops}]", "error needs a status from 400 on, or error_after"},
      {"rules: [{answer: {text: a, json: {}}}]", "an answer has either text or json"},
      {"rules: [{answer: {tool_calls: [{}]}}]", "a tool call needs a name"},
      {"rules: [{headers: {\"a b\": c}}]", "headers: names are letters"},
      {"rules: [{headers: {a: \"b\\r\\nc: d\"}}]", "values are one line"},
      {"rules: [{status: 500, status: 501}]", "status"},
      {"rules: [", "faults.yaml:"},
  };
  for (const auto& [text, expected] : cases) {
    std::vector<config::Problem> problems;
    EXPECT_FALSE(ParseScript("faults.yaml", text, problems).has_value()) << text;
    EXPECT_THAT(config::Text(problems), testing::HasSubstr(expected)) << text;
  }
}

TEST(Script, ListsAllProblemsAtOnce) {
  std::vector<config::Problem> problems;
  ParseScript("f", "seed: -1\nrules:\n  - status: 1\n  - delay: x\n", problems);
  ASSERT_EQ(problems.size(), 3U);
  EXPECT_EQ(problems[0].source.line, 1);
  EXPECT_EQ(problems[1].source.line, 3);
  EXPECT_EQ(problems[2].source.line, 4);
}

TEST(Script, SampleLoads) {
  std::vector<config::Problem> problems;
  const auto script = LoadScript(SB_SOURCE_DIR "/configs/sim-faults.yaml", problems);
  ASSERT_TRUE(script.has_value()) << config::Text(problems);
  EXPECT_GT(script->rules.size(), 10U);
}

TEST(Script, MissingFileIsAProblem) {
  std::vector<config::Problem> problems;
  EXPECT_FALSE(LoadScript("/nonexistent/faults.yaml", problems).has_value());
  EXPECT_EQ(problems.size(), 1U);
}

TEST(Glob, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(GlobMatches("", "anything"));
  EXPECT_TRUE(GlobMatches("gpt-*", "gpt-4o"));
  EXPECT_TRUE(GlobMatches("*a*b*", "xxaxxbxx"));
  EXPECT_TRUE(GlobMatches("a?c", "abc"));
  EXPECT_TRUE(GlobMatches("**", ""));
  EXPECT_FALSE(GlobMatches("gpt-*", "xgpt-4o"));
  EXPECT_FALSE(GlobMatches("a?c", "ac"));
  EXPECT_FALSE(GlobMatches("*b", "abc"));
}

CallFacts Call(std::string_view model) {
  return {.model = model, .path = "/chat/completions", .message = {}, .headers = {}};
}

std::vector<int> FiringCalls(ScriptRun& run, std::string_view model, int calls) {
  std::vector<int> fired;
  for (int i = 1; i <= calls; ++i) {
    if (run.Decide(Call(model), core::MonoTime{}).effects != nullptr) {
      fired.push_back(i);
    }
  }
  return fired;
}

TEST(ScriptRun, CountsTheCallsThatMatch) {
  ScriptRun run(Parse("rules: [{match: {model: a, nth: [1, 4]}}, {match: {model: b, every: 3}}]"));
  EXPECT_THAT(FiringCalls(run, "b", 7), ElementsAre(3, 6));
  EXPECT_THAT(FiringCalls(run, "a", 6), ElementsAre(1, 4));
  EXPECT_THAT(FiringCalls(run, "c", 3), ElementsAre());
}

TEST(ScriptRun, TheFirstRuleThatFiresDecides) {
  ScriptRun run(Parse("rules: [{match: {nth: 2}, status: 500}, {status: 501}, {status: 502}]"));
  std::vector<int> statuses;
  for (int i = 0; i < 3; ++i) {
    statuses.push_back(run.Decide(Call("m"), core::MonoTime{}).effects->status);
  }
  EXPECT_THAT(statuses, ElementsAre(501, 500, 501));
}

TEST(ScriptRun, ProbabilityIsDrawnFromTheSeed) {
  const std::string rules = "rules: [{match: {probability: 0.25}}]";
  ScriptRun run(Parse("seed: 1\n" + rules));
  ScriptRun same(Parse("seed: 1\n" + rules));
  ScriptRun other(Parse("seed: 2\n" + rules));
  const auto fired = FiringCalls(run, "m", 1000);
  EXPECT_EQ(fired, FiringCalls(same, "m", 1000));
  EXPECT_NE(fired, FiringCalls(other, "m", 1000));
  EXPECT_NEAR(static_cast<double>(fired.size()), 250, 60);
}

TEST(ScriptRun, RateLimitLetsItsNumberThroughAndSaysWhenTheNextMayCome) {
  ScriptRun run(Parse("rules: [{rate_limit: {requests: 4, per: 1s}}]"));
  core::MonoTime now{};
  now += 1h;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(run.Decide(Call("m"), now).effects, nullptr) << i;
  }
  const Verdict over = run.Decide(Call("m"), now);
  ASSERT_NE(over.effects, nullptr);
  EXPECT_EQ(over.effects->status, 429);
  EXPECT_EQ(over.retry_in, 250ms);
  EXPECT_NE(run.Decide(Call("m"), now + 249ms).effects, nullptr);
  EXPECT_EQ(run.Decide(Call("m"), now + 250ms).effects, nullptr);
}

TEST(ScriptRun, MatchesHeadersWithoutCase) {
  ScriptRun run(Parse("rules: [{match: {header: {x-test: \"ch*\"}}}]"));
  const std::pair<std::string_view, std::string_view> header{"X-Test", "chaos"};
  CallFacts call = Call("m");
  EXPECT_EQ(run.Decide(call, core::MonoTime{}).effects, nullptr);
  call.headers = {&header, 1};
  EXPECT_NE(run.Decide(call, core::MonoTime{}).effects, nullptr);
}

}  // namespace
}  // namespace signalbox::sim
