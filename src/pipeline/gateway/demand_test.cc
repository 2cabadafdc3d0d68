#include "pipeline/gateway/demand.h"

#include <gtest/gtest.h>

namespace signalbox::gateway {
namespace {

Demand Of(std::string_view body, chat::Operation operation = chat::Operation::kChat) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body));
  request::Call call;
  call.operation = operation;
  call.body = body;
  return ReadDemand(document.Root(), call);
}

TEST(Demand, ReadsTheBoundInEveryVendorsWords) {
  for (const char* body :
       {R"({"max_tokens":7})", R"({"max_completion_tokens":7})", R"({"max_output_tokens":7})",
        R"({"generationConfig":{"maxOutputTokens":7}})", R"({"options":{"num_predict":7}})",
        R"({"parameters":{"max_new_tokens":7}})", R"({"maxTokens":7})",
        R"({"max_tokens":5,"max_completion_tokens":7})", R"({"max\u005ftokens":7})"}) {
    EXPECT_EQ(Of(body).output_tokens, 7) << body;
  }
}

TEST(Demand, WhatIsNotSaidIsNotKnown) {
  for (const char* body : {R"({})", R"({"max_tokens":null})", R"({"max_tokens":"7"})", R"([])",
                           R"({"options":{"num_predict":-1}})", R"({"max_tokens":1e3})",
                           R"({"tool":{"max_tokens":7}})"}) {
    EXPECT_EQ(Of(body).output_tokens, -1) << body;
    EXPECT_EQ(Of(body).answers, 1U) << body;
  }
}

TEST(Demand, SeveralAnswersAreCounted) {
  EXPECT_EQ(Of(R"({"n":3})").answers, 3U);
  EXPECT_EQ(Of(R"({"n":2,"best_of":5})").answers, 5U);
  EXPECT_EQ(Of(R"({"generationConfig":{"candidateCount":4}})").answers, 4U);
  EXPECT_EQ(Of(R"({"n":-3})").answers, 1U);
  EXPECT_EQ(Of(R"({"n":9000000000000})").answers, 1000U);
}

TEST(Demand, EveryPartThatMayBeMoreThanItsTextIsSeen) {
  for (const char* text :
       {R"({"messages":[{"role":"user","content":"image: a cat"}]})",
        R"({"messages":[{"role":"user","content":"document this","name":"file"}]})"}) {
    EXPECT_EQ(Of(text).media, 0U) << text;
  }
  EXPECT_GE(Of(R"({"content":[{"type":"image_url","image_url":{"url":"http://x"}}]})").media, 1U);
  EXPECT_GE(Of(R"({"content":[{"type":"image","source":{"type":"url"}}]})").media, 1U);
  EXPECT_GE(Of(R"({"parts":[{"fileData":{"fileUri":"gs://x"}}]})").media, 1U);
  EXPECT_GE(Of(R"({"content":[{"type":"input_file","file_id":"f"}]})").media, 1U);
}

TEST(Demand, WhatMakesTokensDearerIsSeen) {
  EXPECT_TRUE(Of(R"({"content":[{"text":"x","cache_control":{"type":"ephemeral"}}]})").caches);
  EXPECT_TRUE(Of(R"({"service_tier":"priority"})").priority);
  EXPECT_FALSE(Of(R"({"service_tier":"flex","text":"priority"})").priority);
  EXPECT_FALSE(Of(R"({"text":"cache it"})").caches);
  EXPECT_TRUE(Of(R"({"tools":[{"type":"web_search_20250305"}]})").searches);
  EXPECT_TRUE(Of(R"({"tools":[{"googleSearch":{}}]})").searches);
  EXPECT_FALSE(Of(R"({"text":"web_search"})").searches);
}

TEST(Demand, TextToBeSpokenIsMeasured) {
  EXPECT_EQ(Of(R"({"input":"four"})", chat::Operation::kSpeech).characters, 4);
  EXPECT_EQ(Of(R"({"input":"four"})").characters, -1);
}

}  // namespace
}  // namespace signalbox::gateway
