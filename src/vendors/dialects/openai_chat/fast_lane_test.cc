#include "vendors/dialects/openai_chat/fast_lane.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace signalbox::openai_chat {
namespace {

using chat::Operation;

// The body as an upstream gets it, or the error's param in angle brackets.
std::string Edited(std::string_view body, std::string_view model, bool ask,
                   Operation operation = Operation::kChat) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body)) << body;
  const auto envelope = ReadEnvelope(document, operation);
  if (!envelope) {
    return "<" + envelope.error().param + ">";
  }
  chat::EditList edits;
  PlanEdits(*envelope, model, ask, edits);
  std::vector<std::string_view> pieces;
  edits.Apply(body, pieces);
  std::string out;
  for (const std::string_view piece : pieces) {
    out += piece;
  }
  return out;
}

TEST(ReadEnvelope, FindsModelStreamAndWhereTheyStand) {
  const std::string body = R"( {"stream":true,"model":"gpt\u002d4o","messages":[]} )";
  json::Document document;
  ASSERT_TRUE(document.Parse(body));
  const auto envelope = ReadEnvelope(document, Operation::kChat);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->model, "gpt-4o");
  EXPECT_TRUE(envelope->stream);
  EXPECT_FALSE(envelope->wants_usage);
  const auto [begin, end] = envelope->model_value;
  EXPECT_EQ(body.substr(begin, end - begin), R"("gpt\u002d4o")");
  EXPECT_EQ(body[envelope->root_end], '}');
}

TEST(ReadEnvelope, ReadsAKeyThatIsWrittenWithEscapes) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"mod\u0065l":"a","str\u0065am":true,"messages":[]})"));
  const auto envelope = ReadEnvelope(document, Operation::kChat);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->model, "a");
  EXPECT_TRUE(envelope->stream);
}

TEST(ReadEnvelope, NamesTheFieldAtFault) {
  EXPECT_EQ(Edited(R"({"model":1,"messages":[]})", "m", false), "<model>");
  EXPECT_EQ(Edited(R"({"model":null,"messages":[]})", "m", false), "<model>");
  EXPECT_EQ(Edited(R"({"model":"a"})", "m", false), "<messages>");
  EXPECT_EQ(Edited(R"({"model":"a","messages":"hi"})", "m", false), "<messages>");
  EXPECT_EQ(Edited(R"({"messages":[],"stream":"yes"})", "m", false), "<stream>");
  EXPECT_EQ(Edited(R"({"messages":[],"stream_options":[]})", "m", false), "<stream_options>");
  EXPECT_EQ(Edited(R"({"messages":[],"stream_options":{"include_usage":1}})", "m", false),
            "<stream_options.include_usage>");
  EXPECT_EQ(Edited(R"({"model":"e"})", "m", false, Operation::kEmbeddings), "<input>");
  EXPECT_EQ(Edited(R"({"model":"e","input":3})", "m", false, Operation::kEmbeddings), "<input>");
  EXPECT_EQ(Edited("[]", "m", false), "<>");
}

TEST(PlanEdits, ChangesNothingWhenNothingHasToChange) {
  const std::string body = R"( { "messages" : [ ] , "model" : "m" , "x" : 1.0e5 } )";
  EXPECT_EQ(Edited(body, "m", true), body);
}

TEST(PlanEdits, ReplacesTheModelAndNothingElse) {
  EXPECT_EQ(Edited(R"({"model": "edge/m", "messages":[],"t":0.10,"e":"\ud800"})", "m\"2", false),
            R"({"model": "m\"2", "messages":[],"t":0.10,"e":"\ud800"})");
}

TEST(PlanEdits, InsertsAModelWhereThereIsNone) {
  EXPECT_EQ(Edited(R"({"messages":[] })", "m", false), R"({"messages":[] ,"model":"m"})");
  EXPECT_EQ(Edited(R"({"messages":[],"stream":true})", "m", true),
            R"({"messages":[],"stream":true,"model":"m","stream_options":{"include_usage":true}})");
}

TEST(PlanEdits, FillsAnEmptyObject) {
  json::Document document;
  ASSERT_TRUE(document.Parse("{ }"));
  chat::Envelope envelope;
  envelope.stream = true;
  envelope.root_end = 2;
  envelope.root_empty = true;
  chat::EditList edits;
  PlanEdits(envelope, "m", true, edits);
  ASSERT_EQ(edits.all().size(), 1U);
  EXPECT_EQ(edits.all()[0].text, R"("model":"m","stream_options":{"include_usage":true})");
}

struct UsageCase {
  std::string_view before, after;
};

class AskForUsage : public testing::TestWithParam<UsageCase> {};

TEST_P(AskForUsage, EditsAsLittleAsPossible) {
  EXPECT_EQ(Edited(GetParam().before, "m", true), GetParam().after);
  EXPECT_EQ(Edited(GetParam().before, "m", false), GetParam().before);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, AskForUsage,
    testing::Values(
        UsageCase{
            R"({"model":"m","messages":[],"stream":true})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        UsageCase{
            R"({"stream_options":null,"model":"m","messages":[],"stream":true})",
            R"({"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{  }})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true  }})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"x":1}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true,"x":1}})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":false}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":null}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        UsageCase{
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})",
            R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})"},
        UsageCase{R"({"model":"m","messages":[]})", R"({"model":"m","messages":[]})"},
        UsageCase{R"({"model":"m","messages":[],"stream":false,"stream_options":{}})",
                  R"({"model":"m","messages":[],"stream":false,"stream_options":{}})"},
        UsageCase{R"({"model":"m","messages":[],"stream":null})",
                  R"({"model":"m","messages":[],"stream":null})"}));

TEST(PlanEdits, KeepsEditsInOrderWhenOptionsStandBeforeTheModel) {
  EXPECT_EQ(Edited(R"({"stream_options":{},"stream":true,"model":"x/m","messages":[]})", "m", true),
            R"({"stream_options":{"include_usage":true},"stream":true,"model":"m","messages":[]})");
}

TEST(PlanEdits, NeverTouchesTheStreamOptionsOfEmbeddings) {
  EXPECT_EQ(Edited(R"({"model":"m","input":"x","stream":true})", "m", true, Operation::kEmbeddings),
            R"({"model":"m","input":"x","stream":true})");
}

chat::Usage UsageOf(std::string_view answer) {
  json::Document document;
  EXPECT_TRUE(document.Parse(answer));
  return ReadBill(document.Root()).usage;
}

TEST(ReadBill, ReadsTheFormsOfTheVendors) {
  using U = chat::Usage;
  EXPECT_EQ(UsageOf(R"({"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,
      "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":7}}})"),
            (U{10, 20, 4, 7}));
  EXPECT_EQ(UsageOf(R"({"usage":{"prompt_tokens":10,"completion_tokens":5,
      "prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2}})"),
            (U{10, 5, 8, -1}));
  EXPECT_EQ(UsageOf(R"({"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":115,
      "completion_tokens_details":{"reasoning_tokens":100}}})"),
            (U{10, 105, -1, 100}));
  EXPECT_EQ(UsageOf(R"({"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}}})"),
            (U{1, 2, -1, -1}));
  EXPECT_EQ(UsageOf(R"({"usage":{"prompt_tokens":6,"total_tokens":6}})"), (U{6, -1, -1, -1}));
  EXPECT_EQ(UsageOf(R"({"usage":{"prompt_tokens":-3,"completion_tokens":1.5}})"), U{});
  EXPECT_EQ(UsageOf(R"({"usage":null})"), U{});
  EXPECT_EQ(UsageOf("[]"), U{});
}

TEST(StreamObserver, KnowsTheEnd) {
  StreamObserver observer;
  EXPECT_TRUE(observer.Observe("[DONE]").done);
  EXPECT_FALSE(observer.Observe(R"({"choices":[{"delta":{"content":"[DONE]"}}]})").done);
}

TEST(StreamObserver, TellsUsageAloneFromUsageBesideText) {
  StreamObserver observer;
  const auto alone =
      observer.Observe(R"({"choices":[],"usage" : {"prompt_tokens":1,"completion_tokens":2}})");
  EXPECT_TRUE(alone.has_usage && alone.usage_only);
  EXPECT_EQ(alone.bill.usage, (chat::Usage{1, 2, -1, -1}));
  const auto beside = observer.Observe(
      R"({"choices":[{"delta":{}}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
  EXPECT_TRUE(beside.has_usage);
  EXPECT_FALSE(beside.usage_only);
}

TEST(StreamObserver, FindsUsageThatOnlyGroqHides) {
  StreamObserver observer;
  EXPECT_TRUE(
      observer
          .Observe(
              R"({"choices":[{}],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}}})")
          .has_usage);
}

TEST(StreamObserver, IsNotFooledByWordsInTexts) {
  StreamObserver observer;
  for (const std::string_view frame :
       {R"({"choices":[{"delta":{"content":"\"usage\":{\"prompt_tokens\":1}"}}]})",
        R"({"choices":[{"delta":{"content":"error"}}]})",
        R"({"choices":[{"delta":{"content":"\"error\":{}"}}]})",
        R"({"choices":[{"delta":{"error":{"message":"x"}}}]})",
        R"({"choices":[{"delta":{"usage":{"prompt_tokens":1}}}]})",
        R"({"choices":[{"delta":{"content":"x"}}],"usage":null,"error":null})"}) {
    const FrameFacts facts = observer.Observe(frame);
    EXPECT_FALSE(facts.has_usage || facts.usage_only || facts.error || facts.done) << frame;
  }
}

TEST(StreamObserver, FindsKeysThatHideBehindEscapes) {
  StreamObserver observer;
  EXPECT_TRUE(observer.Observe(R"({"us\u0061ge":{"prompt_tokens":1}})").has_usage);
  EXPECT_TRUE(observer.Observe(R"({"\u0065rror":{"message":"x"}})").error);
}

TEST(StreamObserver, FindsErrorsInEveryForm) {
  StreamObserver observer;
  for (const std::string_view frame :
       {R"({"error":{"message":"x"}})", R"({"error" : "overloaded"})",
        R"({"object":"error","message":"x"})",
        R"({"id":"1","choices":[{"finish_reason":"error"}],"error":{"code":502}})"}) {
    EXPECT_TRUE(observer.Observe(frame).error) << frame;
  }
}

TEST(StreamObserver, FindsUsageAtEveryOffset) {
  StreamObserver observer;
  for (std::size_t pad = 0; pad < 70; ++pad) {
    const std::string frame = R"({"p":")" + std::string(pad, 'x') +
                              R"(","usage":{"prompt_tokens":3,"completion_tokens":4}})";
    EXPECT_TRUE(observer.Observe(frame).has_usage) << pad;
  }
}

TEST(StreamObserver, PassesOverWhatIsNotJson) {
  StreamObserver observer;
  EXPECT_FALSE(observer.Observe(R"({"usage":{"prompt_tokens":1)").has_usage);
  EXPECT_FALSE(observer.Observe(R"(["usage",{"error":1}])").error);
  EXPECT_FALSE(observer.Observe("").done);
}

TEST(ErrorBody, UsesTheTypesThatClientsKnow) {
  using core::ErrorCode;
  EXPECT_EQ(
      ErrorBody({ErrorCode::kInvalidRequest, "n: \"an integer\" was expected", "n", {}}),
      R"({"error":{"message":"n: \"an integer\" was expected","type":"invalid_request_error","param":"n","code":null}})");
  EXPECT_EQ(
      ErrorBody({ErrorCode::kNotFound, "no such model", "model", {}}),
      R"({"error":{"message":"no such model","type":"invalid_request_error","param":"model","code":"model_not_found"}})");
  EXPECT_EQ(
      ErrorBody({ErrorCode::kRateLimited, "slow down", "", {}}),
      R"({"error":{"message":"slow down","type":"rate_limit_error","param":null,"code":"rate_limit_exceeded"}})");
  EXPECT_EQ(
      ErrorBody({ErrorCode::kUpstreamFailed, "it broke off", "", {}}),
      R"({"error":{"message":"it broke off","type":"server_error","param":null,"code":"upstream_failed"}})");
}

std::optional<catalog::Bill> BillOf(std::string_view answer) {
  json::Document document;
  return ReadBill(answer, document);
}

TEST(ReadBill, AgreesWithAFullParse) {
  for (
      const std::string_view answer : {
          R"({"choices":[{"message":{"content":"\"usage\":{\"prompt_tokens\":9}"}}],"usage":{"prompt_tokens":3,"completion_tokens":4,"completion_tokens_details":{"reasoning_tokens":2}}})",
          R"({"usage" : {"prompt_tokens":3,"note":"}{\\"} , "choices":[]})",
          R"({"x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":6}}})",
          R"({"choices":[{"usage":{"prompt_tokens":1}}],"usage":{"prompt_tokens":2}})",
          R"({"usage":null,"choices":[]})",
          R"({"type":"usage","choices":[]})",
          R"({"service_tier":"flex","usage":{"prompt_tokens":2}})",
          R"({"usage":{"prompt_tokens":2},"service_tier":"priority"})",
          R"({"usage":{"prompt_tokens":2},"service_tier":null})",
          R"({"usage":{"prompt_tokens":2,"cost":0.00012}})",
          R"({"choices":[]})",
      }) {
    json::Document document;
    ASSERT_TRUE(document.Parse(answer)) << answer;
    EXPECT_EQ(BillOf(answer), ReadBill(document.Root())) << answer;
  }
}

TEST(ReadBill, RefusesWhatIsNoObject) {
  for (const std::string_view answer :
       {"", " ", "[]", "this is not JSON", R"({"usage":{"prompt_tokens":1)", R"({"usage":{x}})"}) {
    EXPECT_EQ(BillOf(answer), std::nullopt) << answer;
  }
}

TEST(ReadBill, ReadsTheUnitsThatHaveAPriceOfTheirOwn) {
  const auto bill = BillOf(
      R"({"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{)"
      R"("cached_tokens":10,"audio_tokens":20,"image_tokens":30,"cache_write_tokens":5},)"
      R"("completion_tokens_details":{"reasoning_tokens":7,"audio_tokens":8,"image_tokens":9}}})");
  ASSERT_TRUE(bill);
  const chat::Usage expected{.input = 100,
                             .output = 50,
                             .cached = 10,
                             .reasoning = 7,
                             .cache_write = 5,
                             .audio_input = 20,
                             .audio_output = 8,
                             .image_input = 30,
                             .image_output = 9};
  EXPECT_EQ(bill->usage, expected);
  EXPECT_EQ(bill->stated, std::nullopt);
}

TEST(ReadBill, CachedTokensAreFoundWhereverVendorsStateThem) {
  const auto cached = [](const char* answer) { return BillOf(answer)->usage.cached; };
  EXPECT_EQ(cached(R"({"usage":{"prompt_tokens":9,"prompt_cache_hit_tokens":4}})"), 4);
  EXPECT_EQ(cached(R"({"usage":{"prompt_tokens":9,"cached_tokens":5}})"), 5);
  EXPECT_EQ(cached(R"({"usage":{"prompt_tokens":9,"num_cached_tokens":6}})"), 6);
  EXPECT_EQ(cached(R"({"usage":{"cached_tokens":5,"prompt_tokens_details":{"cached_tokens":2}}})"),
            2);
}

TEST(ReadBill, WhatVendorsStateAsTheCostIsExact) {
  const auto stated = [](const char* usage) { return BillOf(usage)->stated; };
  EXPECT_EQ(stated(R"({"usage":{"cost":0.0001235}})"), catalog::NanoUsd{123'500});
  EXPECT_EQ(stated(R"({"usage":{"cost":1.25e-7}})"), catalog::NanoUsd{125});
  EXPECT_EQ(stated(R"({"usage":{"cost":0}})"), catalog::NanoUsd{0});
  EXPECT_EQ(stated(R"({"usage":{"cost":{"input_tokens_cost":1,"total_cost":0.006}}})"),
            catalog::NanoUsd{6'000'000});
  EXPECT_EQ(stated(R"({"usage":{"cost_in_usd_ticks":37756000}})"), catalog::NanoUsd{3'775'600});
  EXPECT_EQ(stated(R"({"usage":{"cost":-1}})"), std::nullopt);
  EXPECT_EQ(stated(R"({"usage":{"cost":"free"}})"), std::nullopt);
  EXPECT_EQ(stated(R"({"usage":{"cost":null}})"), std::nullopt);
}

TEST(ReadBill, PerplexityBillsEachRequestForItsSearch) {
  const auto one = BillOf(R"({"usage":{"prompt_tokens":1,"search_context_size":"low"}})");
  EXPECT_EQ(one->usage.searches, 1);
  EXPECT_EQ(one->usage.search_size, chat::SearchSize::kLow);
  const auto more = BillOf(
      R"({"usage":{"num_search_queries":28,"citation_tokens":12,"search_context_size":"high"}})");
  EXPECT_EQ(more->usage.searches, 28);
  EXPECT_EQ(more->usage.citation, 12);
}

TEST(ReadEnvelope, KnowsWhereTheOtherEndpointsHaveTheirText) {
  const struct {
    chat::Operation operation;
    const char* good;
    const char* bad;
    const char* param;
  } rows[] = {
      {chat::Operation::kModerations, R"({"input":["a"]})", R"({"prompt":"a"})", "input"},
      {chat::Operation::kSpeech, R"({"input":"a","voice":"v"})", R"({"input":["a"]})", "input"},
      {chat::Operation::kImages, R"({"prompt":"a","n":2})", R"({"prompt":["a"]})", "prompt"},
  };
  for (const auto& row : rows) {
    json::Document document;
    ASSERT_TRUE(document.Parse(row.good));
    const auto envelope = ReadEnvelope(document, row.operation);
    ASSERT_TRUE(envelope) << row.good;
    EXPECT_EQ(envelope->model, "");
    ASSERT_TRUE(document.Parse(row.bad));
    EXPECT_EQ(ReadEnvelope(document, row.operation).error().param, row.param) << row.bad;
  }
}

TEST(PlanEdits, AsksForNoUsageWhereItIsNotAskedFor) {
  json::Document document;
  ASSERT_TRUE(document.Parse(R"({"model":"a/m","prompt":"x","stream":true})"));
  const auto envelope = ReadEnvelope(document, chat::Operation::kImages);
  ASSERT_TRUE(envelope);
  EXPECT_TRUE(envelope->stream);
  chat::EditList edits;
  PlanEdits(*envelope, "m", true, edits);
  ASSERT_EQ(edits.all().size(), 1U);
  EXPECT_EQ(edits.all()[0].text, "\"m\"");
}

}  // namespace
}  // namespace signalbox::openai_chat
