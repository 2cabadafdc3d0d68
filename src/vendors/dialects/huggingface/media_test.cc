// Pictures, speech and transcripts of HuggingFace Inference.
#include "vendors/dialects/huggingface/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/base64.h"

namespace signalbox::huggingface {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::Document Parsed(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text)) << text;
  return document;
}

TEST(HuggingFaceMedia, AsksForAPicture) {
  chat::ImagesRequest request;
  request.prompt = "a cat";
  EXPECT_EQ(RenderImagesRequest(request)->body, R"({"inputs":"a cat"})");
  request.size = "512x768";
  request.negative_prompt = "dogs";
  request.seed = 7;
  request.quality = "hd";
  const auto rendered = RenderImagesRequest(request);
  EXPECT_EQ(rendered->body, R"({"inputs":"a cat","parameters":{"width":512,"height":768,)"
                            R"("negative_prompt":"dogs","seed":7}})");
  EXPECT_THAT(rendered->dropped, ElementsAre("quality"));
  request.n = 3;
  EXPECT_EQ(RenderImagesRequest(request).error().param, "n");
}

TEST(HuggingFaceMedia, ReadsAPictureAsItIs) {
  const auto read = ParseImagesAnswer({.bytes = "\xFF\xD8\xFF\xE0rest"});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pictures.at(0).media_type, "image/jpeg");
  EXPECT_EQ(core::FromBase64(read->pictures.at(0).data), "\xFF\xD8\xFF\xE0rest");
  EXPECT_FALSE(ParseImagesAnswer({.bytes = "loading"}));
  const json::Document failed = Parsed(R"({"error":"Model is overloaded"})");
  const json::Value root = failed.Root();
  EXPECT_THAT(ParseImagesAnswer({.bytes = failed.text(), .json = &root}).error().message,
              HasSubstr("overloaded"));
}

TEST(HuggingFaceMedia, AsksForSpeech) {
  chat::SpeechRequest request;
  request.input = "hi";
  request.voice = "alloy";
  request.response_format = "mp3";
  const auto rendered = RenderSpeechRequest(request);
  EXPECT_EQ(rendered->body, R"({"inputs":"hi"})");
  EXPECT_THAT(rendered->dropped, ElementsAre("response_format", "voice"));
  request.response_format = "pcm";
  EXPECT_EQ(RenderSpeechRequest(request).error().param, "response_format");
}

TEST(HuggingFaceMedia, SendsAFileAsItIsUnlessTimesAreWanted) {
  chat::TranscriptionRequest request;
  request.file_type = "audio/flac";
  const auto raw = RenderTranscriptionStart(request);
  EXPECT_EQ(raw->content_type, "audio/flac");
  EXPECT_FALSE(raw->base64);
  request.language = "de";
  EXPECT_THAT(RenderTranscriptionEnd(request, *raw)->dropped, ElementsAre("language"));
  request.response_format = "srt";  // told behind the file: too late for a parameter
  EXPECT_EQ(RenderTranscriptionEnd(request, *raw).error().param, "response_format");
  const auto start = RenderTranscriptionStart(request);
  EXPECT_EQ(start->before + "AAAA" + RenderTranscriptionEnd(request, *start)->body,
            R"({"inputs":"AAAA","parameters":{"return_timestamps":true}})");
  request.granularities = {"word"};
  EXPECT_THAT(RenderTranscriptionEnd(request, *start)->body, HasSubstr(R"(:"word"}})"));
}

TEST(HuggingFaceMedia, ReadsATranscript) {
  const json::Document answer = Parsed(
      R"({"text":" Good day","chunks":[{"text":" Good day","timestamp":[0.5,null]},{"text":"x"}]})");
  const auto read = ParseTranscript(answer.Root());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->text, " Good day");
  ASSERT_EQ(read->segments.size(), 1U);
  EXPECT_EQ(read->segments[0].start, 0.5);
  EXPECT_EQ(read->segments[0].end, 0.5);
  EXPECT_THAT(ParseTranscript(Parsed(R"({"error":"no"})").Root()).error().message, HasSubstr("no"));
  EXPECT_FALSE(ParseTranscript(Parsed("[]").Root()));
}

}  // namespace
}  // namespace signalbox::huggingface
