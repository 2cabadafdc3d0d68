#include "vendors/providers/sim/answerer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/providers/sim/answer_stream.h"
#include "vendors/providers/sim/tokens.h"

namespace signalbox::sim {
namespace {

using chat::FinishReason;

chat::Request Parse(std::string_view body) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body)) << body;
  auto request = openai_chat::ParseRequest(document.Root());
  EXPECT_TRUE(request.has_value()) << body;
  return request.value_or(chat::Request{});
}

chat::Response Ask(std::string_view body, const Effects* effects = nullptr) {
  const auto request = Parse(body);
  return Answer(request, LastUserText(request), effects, 1);
}

std::string TextOf(const chat::Choice& choice) {
  std::string text;
  for (const auto& part : choice.parts) {
    if (!std::holds_alternative<chat::ToolCall>(part.content)) {
      text += StreamedText(part);
    }
  }
  return text;
}

std::vector<chat::ToolCall> CallsOf(const chat::Choice& choice) {
  std::vector<chat::ToolCall> calls;
  for (const auto& part : choice.parts) {
    if (const auto* call = std::get_if<chat::ToolCall>(&part.content)) {
      calls.push_back(*call);
    }
  }
  return calls;
}

std::string User(std::string_view model, std::string_view text, std::string_view more = "") {
  return std::string(R"({"model":")") + std::string(model) +
         R"(","messages":[{"role":"user","content":")" + std::string(text) + "\"}]" +
         std::string(more) + "}";
}

constexpr std::string_view kTools =
    R"(,"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object",
    "properties":{"city":{"type":"string"}},"required":["city"]}}},
    {"type":"function","function":{"name":"now"}}])";

TEST(Answerer, EchoSaysTheLastUserMessage) {
  const auto answer = Ask(R"({"model":"sim/echo","messages":[{"role":"user","content":"one"},
      {"role":"assistant","content":"two"},{"role":"user","content":"three and four"},
      {"role":"system","content":"five"}]})");
  EXPECT_EQ(TextOf(answer.choices[0]), "three and four");
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kStop);
  EXPECT_EQ(answer.usage->tokens.output, 3);
}

TEST(Answerer, EchoNamesPicturesSoundsAndFiles) {
  // A PNG's first 24 bytes say 640 x 480.
  const auto answer = Ask(R"({"model":"echo","messages":[{"role":"user","content":[
      {"type":"text","text":"look"},
      {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg"}},
      {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
      {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},
      {"type":"file","file":{"filename":"report.pdf","file_data":"data:application/pdf;base64,AAAA"}}]}]})");
  EXPECT_EQ(TextOf(answer.choices[0]),
            "look\n[image 640x480]\n[image]\n[audio wav]\n[document report.pdf]");
}

TEST(Answerer, CannedAnswersKnowTheirCues) {
  const auto said = [](std::string_view prompt) {
    return TextOf(Ask(User("auto", prompt)).choices[0]);
  };
  EXPECT_THAT(said("What is Signalbox?"), testing::HasSubstr("gateway for language models"));
  EXPECT_EQ(said("Say this is a test"), "This is a test");
  EXPECT_EQ(said("ping"), "pong");
  EXPECT_THAT(said("How do I add a provider"), testing::HasSubstr("OPENAI_API_KEY"));
  EXPECT_THAT(said("Summarize: One. A much longer second sentence. Three."),
              testing::AllOf(testing::HasSubstr("One."), testing::HasSubstr("longer second"),
                             testing::HasSubstr("3 sentences")));
  EXPECT_THAT(said("Explain quantum chromodynamics to my cat, she says hi"),
              testing::HasSubstr("built-in simulator"));
  EXPECT_THAT(said("..."), testing::HasSubstr("no text"));
}

TEST(Answerer, EqualRequestsGetEqualAnswers) {
  const auto body = User("auto", "hello");
  EXPECT_EQ(TextOf(Ask(body).choices[0]), TextOf(Ask(body).choices[0]));
}

TEST(Answerer, SeveralChoicesAreNumberedAndAllCounted) {
  const auto answer = Ask(User("echo", "a b c", R"(,"n":3)"));
  ASSERT_EQ(answer.choices.size(), 3U);
  EXPECT_EQ(answer.choices[2].index, 2);
  EXPECT_EQ(answer.usage->tokens.output, 9);
  EXPECT_EQ(answer.usage->total, answer.usage->tokens.input + 9);
}

TEST(Answerer, StopSequencesEndTheText) {
  const auto answer = Ask(User("echo", "one STOP two END", R"(,"stop":["END","STOP"])"));
  EXPECT_EQ(TextOf(answer.choices[0]), "one ");
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kStop);
  EXPECT_EQ(answer.choices[0].stop_sequence, "STOP");
}

TEST(Answerer, MaxTokensCutTheText) {
  const auto answer = Ask(User("echo", "one two three four", R"(,"max_completion_tokens":2)"));
  EXPECT_EQ(TextOf(answer.choices[0]), "one two");
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kLength);
  EXPECT_EQ(answer.usage->tokens.output, 2);
  const auto exact = Ask(User("echo", "one two", R"(,"max_tokens":2)"));
  EXPECT_EQ(exact.choices[0].finish, FinishReason::kStop);
}

TEST(Answerer, ToolsModelCallsTheFirstTool) {
  const auto answer = Ask(User("tools", "weather?", kTools));
  const auto calls = CallsOf(answer.choices[0]);
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].name, "get_weather");
  EXPECT_EQ(calls[0].arguments, R"({"city":"Paris"})");
  EXPECT_FALSE(calls[0].id.empty());
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kToolCalls);
}

TEST(Answerer, ToolsModelCallsAllWhenAskedForParallelCalls) {
  const auto calls = CallsOf(Ask(User("tools", "in parallel please", kTools)).choices[0]);
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_NE(calls[0].id, calls[1].id);
  const auto forbidden =
      User("tools", "in parallel please", std::string(kTools) + R"(,"parallel_tool_calls":false)");
  EXPECT_EQ(CallsOf(Ask(forbidden).choices[0]).size(), 1U);
}

TEST(Answerer, EveryModelHonoursADemandForACall) {
  const auto called = [](std::string_view choice) {
    std::string names;
    for (const auto& call :
         CallsOf(Ask(User("echo", "x",
                          std::string(kTools) + R"(,"tool_choice":)" + std::string(choice)))
                     .choices[0])) {
      names += call.name;
    }
    return names;
  };
  EXPECT_EQ(called(R"("required")"), "get_weather");
  EXPECT_EQ(called(R"({"type":"function","function":{"name":"now"}})"), "now");
  EXPECT_EQ(called(R"("auto")"), "");
  EXPECT_EQ(called(R"("none")"), "");
}

TEST(Answerer, ToolsModelAnswersWithTextAfterResults) {
  const auto answer = Ask(std::string(R"({"model":"tools","messages":[
      {"role":"user","content":"weather?"},
      {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
      {"role":"tool","tool_call_id":"c","content":"sunny"}])") +
                          std::string(kTools) + "}");
  EXPECT_EQ(TextOf(answer.choices[0]), "The tool answered: sunny");
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kStop);
}

TEST(Answerer, EveryModelHonoursASchema) {
  const auto answer =
      Ask(User("echo", "x", R"(,"response_format":{"type":"json_schema","json_schema":
      {"name":"a","strict":true,"schema":{"type":"object","properties":{"ok":{"const":true}},"required":["ok"]}}})"));
  EXPECT_EQ(TextOf(answer.choices[0]), R"({"ok":true})");
  EXPECT_EQ(
      TextOf(Ask(User("echo", "x", R"(,"response_format":{"type":"json_object"})")).choices[0]),
      R"({"answer":"x"})");
}

TEST(Answerer, ScriptDecidesWhatIsSaid) {
  Effects effects;
  effects.answer = ScriptedAnswer{.text = "hi", .reasoning = "think", .refusal = {}, .calls = {}};
  effects.usage.cached = 2;
  effects.finish_reason = "content_filter";
  const auto answer = Ask(User("m", "x"), &effects);
  EXPECT_EQ(TextOf(answer.choices[0]), "thinkhi");
  EXPECT_EQ(answer.usage->tokens.reasoning, 1);
  EXPECT_EQ(answer.usage->tokens.cached, 2);
  EXPECT_EQ(answer.choices[0].finish, FinishReason::kContentFilter);
}

// Tells an answer as a stream and puts it together again.
struct Retold {
  std::map<std::int64_t, std::string> text;
  std::map<std::int64_t, FinishReason> finish;
  std::vector<std::string> calls;
  int starts = 0;
  int usages = 0;
  int ends = 0;
};

Retold Retell(chat::Response answer, std::int64_t& tokens) {
  Retold out;
  AnswerStream stream(std::move(answer), true);
  chat::EventBatch batch;
  while (stream.Next(batch)) {
    for (const auto& event : batch) {
      if (const auto* text = std::get_if<chat::TextDelta>(&event.what)) {
        out.text[event.choice] += text->text;
      } else if (const auto* start = std::get_if<chat::ToolCallStart>(&event.what)) {
        EXPECT_EQ(start->call, static_cast<std::int64_t>(out.calls.size()));
        out.calls.push_back(start->name + ":");
      } else if (const auto* arguments = std::get_if<chat::ToolCallArguments>(&event.what)) {
        out.calls.at(static_cast<std::size_t>(arguments->call)) += arguments->text;
      } else if (const auto* finish = std::get_if<chat::Finish>(&event.what)) {
        out.finish[event.choice] = finish->reason;
      }
      out.starts += std::holds_alternative<chat::ChoiceStart>(event.what) ? 1 : 0;
      out.usages += std::holds_alternative<chat::UsageReport>(event.what) ? 1 : 0;
      out.ends += std::holds_alternative<chat::StreamEnd>(event.what) ? 1 : 0;
    }
  }
  tokens = stream.tokens();
  return out;
}

TEST(AnswerStream, SumOfTheDeltasIsTheAnswer) {
  const auto answer = Ask(User("echo", "several words, said twice", R"(,"n":2)"));
  std::int64_t tokens = 0;
  const Retold told = Retell(answer, tokens);
  EXPECT_EQ(told.text.at(0), TextOf(answer.choices[0]));
  EXPECT_EQ(told.text.at(1), TextOf(answer.choices[1]));
  EXPECT_EQ(told.starts, 2);
  EXPECT_EQ(told.finish.size(), 2U);
  EXPECT_EQ(told.usages, 1);
  EXPECT_EQ(told.ends, 1);
  EXPECT_EQ(tokens, answer.usage->tokens.output);
}

TEST(AnswerStream, CallsComeInPieces) {
  const auto answer = Ask(User("tools", "parallel", kTools));
  std::int64_t tokens = 0;
  const Retold told = Retell(answer, tokens);
  EXPECT_THAT(told.calls, testing::ElementsAre(R"(get_weather:{"city":"Paris"})", "now:{}"));
  EXPECT_EQ(told.finish.at(0), FinishReason::kToolCalls);
  EXPECT_EQ(tokens, answer.usage->tokens.output);
}

}  // namespace
}  // namespace signalbox::sim
