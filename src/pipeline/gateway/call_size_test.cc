#include "pipeline/gateway/call_size.h"

#include <gtest/gtest.h>

namespace signalbox::gateway {
namespace {

quota::CallSize Of(std::string_view body, chat::Operation operation = chat::Operation::kChat) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body));
  request::Call call;
  call.operation = operation;
  call.body = body;
  return ReadCallSize(document.Root(), call);
}

TEST(CallSize, ReadsTheBoundInEveryVendorsWords) {
  for (const char* body :
       {R"({"max_tokens":7})", R"({"max_completion_tokens":7})", R"({"max_output_tokens":7})",
        R"({"generationConfig":{"maxOutputTokens":7}})", R"({"options":{"num_predict":7}})",
        R"({"parameters":{"max_new_tokens":7}})", R"({"maxTokens":7})",
        R"({"max_tokens":5,"max_completion_tokens":7})", R"({"max\u005ftokens":7})"}) {
    EXPECT_EQ(Of(body).most_output, 7) << body;
  }
}

TEST(CallSize, WhatIsNotSaidIsNotKnown) {
  for (const char* body : {R"({})", R"({"max_tokens":null})", R"({"max_tokens":"7"})", R"([])",
                           R"({"options":{"num_predict":-1}})", R"({"max_tokens":1e3})",
                           R"({"tool":{"max_tokens":7}})"}) {
    EXPECT_EQ(Of(body).most_output, -1) << body;
    EXPECT_EQ(Of(body).answers, 1U) << body;
  }
}

TEST(CallSize, SeveralAnswersAreCounted) {
  EXPECT_EQ(Of(R"({"n":3})").answers, 3U);
  EXPECT_EQ(Of(R"({"n":2,"best_of":5})").answers, 5U);
  EXPECT_EQ(Of(R"({"generationConfig":{"candidateCount":4}})").answers, 4U);
  EXPECT_EQ(Of(R"({"n":-3})").answers, 1U);
  EXPECT_EQ(Of(R"({"n":9000000000000})").answers, 1000U);
}

TEST(CallSize, EveryPartThatMayBeMoreThanItsTextIsSeen) {
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

TEST(CallSize, WhatMakesTokensDearerIsSeen) {
  EXPECT_TRUE(Of(R"({"content":[{"text":"x","cache_control":{"type":"ephemeral"}}]})").cache_write);
  EXPECT_TRUE(Of(R"({"service_tier":"priority"})").priority);
  EXPECT_TRUE(Of(R"({"service_tier":"pr\u0069ority"})").priority);
  EXPECT_FALSE(Of(R"({"service_tier":"flex","text":"priority"})").priority);
  EXPECT_FALSE(Of(R"({"text":"cache it"})").cache_write);
  EXPECT_EQ(Of(R"({"tools":[{"type":"web_search_20250305"}]})").searches, -1);
  EXPECT_EQ(Of(R"({"tools":[{"googleSearch":{}}]})").searches, -1);
  EXPECT_EQ(Of(R"({"text":"web_search"})").searches, 0);
}

TEST(CallSize, FollowsFromWhatIsAskedFor) {
  using enum chat::Operation;
  EXPECT_EQ(Of(R"({"input":"four","max_tokens":7})", kEmbeddings).most_output, 0);
  EXPECT_EQ(Of(R"({"query":"a"})", kRerank).searches, 1);
  EXPECT_EQ(Of(R"({"prompt":"a cat","n":3})", kImages).images, 3U);
  EXPECT_TRUE(Of(R"({"input":"four"})", kSpeech).media_output);
  EXPECT_FALSE(Of(R"({"messages":[]})").media_output);
  EXPECT_TRUE(Of(R"({"content":[{"type":"image"}]})").media_output);
}

TEST(CallSize, OfAnUploadNothingButItsBytesIsKnown) {
  struct Form final : request::Upload {
    async::Task<core::Result<std::string_view>> Read() override { co_return std::string_view(); }
  } upload;
  upload.length = 5000;
  request::Call call;
  call.operation = chat::Operation::kTranscriptions;
  call.upload = &upload;
  EXPECT_EQ(UploadSize(call).body_bytes, 5000U);
  EXPECT_EQ(UploadSize(call).most_output, -1);
}

}  // namespace
}  // namespace signalbox::gateway
