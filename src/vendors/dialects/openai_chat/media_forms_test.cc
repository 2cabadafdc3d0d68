// Pictures, speech and transcripts in OpenAI's form.
#include "vendors/dialects/openai_chat/media_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::openai_chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

json::Document Parsed(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text)) << text;
  return document;
}

TEST(MediaForms, ReadARequestForPictures) {
  const std::string text =
      R"({"model":"m","prompt":"a \"cat\"","n":2,"size":"1024x1536","quality":"high","style":"vivid",)"
      R"("background":"auto","moderation":"low","response_format":"b64_json","output_format":"png",)"
      R"("output_compression":80,"negative_prompt":"dogs","seed":7,"user":"u","stream":true,)"
      R"("partial_images":2})";
  const json::Document document = Parsed(text);
  const auto read = ParseImagesRequest(document.Root());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->prompt, "a \"cat\"");
  EXPECT_EQ(read->n, 2);
  EXPECT_EQ(read->size, "1024x1536");
  EXPECT_EQ(read->quality, "high");
  EXPECT_EQ(read->negative_prompt, "dogs");
  EXPECT_EQ(read->seed, 7);
  EXPECT_EQ(read->output_compression, 80);
  EXPECT_TRUE(read->stream);
  ASSERT_EQ(read->extra.size(), 1U);
  EXPECT_EQ(read->extra[0].key, "partial_images");
}

TEST(MediaForms, NameTheFieldThatIsWrong) {
  EXPECT_EQ(ParseImagesRequest(Parsed(R"({"model":"m"})").Root()).error().param, "prompt");
  EXPECT_EQ(ParseImagesRequest(Parsed(R"({"prompt":"a","n":"two"})").Root()).error().param, "n");
  const auto speech = ParseSpeechRequest(Parsed(R"({"voice":"alloy"})").Root());
  EXPECT_EQ(speech.error().param, "input");
  EXPECT_THAT(speech.error().message, HasSubstr("input: "));
  chat::TranscriptionRequest form;
  EXPECT_EQ(ReadTranscriptionField("response_format", "diarized_json", form).error().param,
            "response_format");
  EXPECT_EQ(ReadTranscriptionField("temperature", "warm", form).error().param, "temperature");
}

TEST(MediaForms, WritePictures) {
  chat::ImagesResponse response{.created = 7, .pictures = {}, .usage = {}};
  response.pictures.push_back({.data = "iVBO", .media_type = "image/png", .revised_prompt = "b"});
  response.pictures.push_back({.data = "iVBP", .media_type = "image/png", .revised_prompt = {}});
  EXPECT_EQ(RenderImagesAnswer(response),
            R"({"created":7,"data":[{"b64_json":"iVBO","revised_prompt":"b"},{"b64_json":"iVBP"}],)"
            R"("output_format":"png"})");
  response.usage.emplace().tokens = {.input = 9, .output = 20};
  EXPECT_THAT(RenderImagesAnswer(response),
              HasSubstr(R"("usage":{"input_tokens":9,"output_tokens":20,"total_tokens":29,)"
                        R"("input_tokens_details":{"text_tokens":9,"image_tokens":0}})"));
}

TEST(MediaForms, ReadSpeech) {
  const json::Document document =
      Parsed(R"({"model":"m","input":"hi","voice":{"id":"v1"},"speed":1.5,"x":1})");
  const auto read = ParseSpeechRequest(document.Root());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->voice, "v1");
  EXPECT_EQ(read->speed->written, "1.5");
  EXPECT_EQ(read->extra[0].key, "x");
}

TEST(MediaForms, ReadTheFieldsOfAForm) {
  chat::TranscriptionRequest form;
  for (const auto& [name, value] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"model", "m"},
           {"language", "de"},
           {"prompt", "Names: Ho"},
           {"response_format", "vtt"},
           {"temperature", "0.2"},
           {"timestamp_granularities[]", "word"},
           {"timestamp_granularities[]", "segment"},
           {"include[]", "logprobs"},
           {"stream", "true"}}) {
    ASSERT_TRUE(ReadTranscriptionField(name, value, form)) << name;
  }
  EXPECT_EQ(form.language, "de");
  EXPECT_EQ(form.response_format, "vtt");
  EXPECT_EQ(form.temperature->value(), 0.2);
  EXPECT_THAT(form.granularities, ElementsAre("word", "segment"));
  EXPECT_THAT(form.others, ElementsAre("include[]"));
  EXPECT_TRUE(form.stream);
}

chat::Transcript Spoken() {
  chat::Transcript transcript;
  transcript.text = "Good day. How are you?";
  transcript.language = "en";
  transcript.duration = 3.2;
  transcript.segments = {
      {.start = 0, .end = 1.5, .text = " Good day.", .extra = {{"avg_logprob", "-0.25"}}},
      {.start = 1.5, .end = 3661.0625, .text = " How are you?", .extra = {}}};
  return transcript;
}

std::string Told(const chat::Transcript& transcript, std::string_view format) {
  chat::TranscriptionRequest request;
  request.response_format = format;
  const auto told = RenderTranscript(transcript, request);
  return told ? told->body : told.error().message;
}

TEST(Transcripts, AreToldInEveryFormat) {
  EXPECT_EQ(Told(Spoken(), ""),
            R"({"text":"Good day. How are you?","usage":{"type":"duration","seconds":4}})");
  EXPECT_EQ(Told(Spoken(), "text"), "Good day. How are you?\n");
  EXPECT_EQ(Told(Spoken(), "srt"),
            "1\n00:00:00,000 --> 00:00:01,500\nGood day.\n\n"
            "2\n00:00:01,500 --> 01:01:01,063\nHow are you?\n\n");
  EXPECT_EQ(Told(Spoken(), "vtt"),
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nGood day.\n\n"
            "00:00:01.500 --> 01:01:01.063\nHow are you?\n\n");
  const std::string verbose = Told(Spoken(), "verbose_json");
  EXPECT_THAT(verbose, HasSubstr(R"({"task":"transcribe","language":"en","duration":3.2,)"));
  EXPECT_THAT(verbose, HasSubstr(R"("text":" Good day.","tokens":[],"temperature":0,)"
                                 R"("avg_logprob":-0.25,"compression_ratio":0)"));
  EXPECT_EQ(verbose.find("\"words\""), verbose.npos);
}

TEST(Transcripts, MakeSubtitlesOfWords) {
  chat::Transcript transcript;
  transcript.text = "Good day. How are you";
  transcript.words = {
      {0, 0.5, "Good"}, {0.5, 1, "day."}, {1, 1.5, "How"}, {1.5, 2, "are"}, {8.5, 9, "you"}};
  EXPECT_EQ(Told(transcript, "srt"),
            "1\n00:00:00,000 --> 00:00:01,000\nGood day.\n\n"
            "2\n00:00:01,000 --> 00:00:02,000\nHow are\n\n"
            "3\n00:00:08,500 --> 00:00:09,000\nyou\n\n");
  chat::TranscriptionRequest request;
  request.response_format = "verbose_json";
  request.granularities = {"word"};
  const auto told = RenderTranscript(transcript, request);
  ASSERT_TRUE(told);
  EXPECT_THAT(told->body, HasSubstr(R"("words":[{"word":"Good","start":0,"end":0.5})"));
  EXPECT_EQ(told->body.find("segments"), std::string::npos);
  EXPECT_THAT(told->body, HasSubstr(R"("duration":9)"));
}

TEST(Transcripts, WithoutTimesAreNoSubtitles) {
  chat::Transcript transcript;
  transcript.text = "Ho";
  EXPECT_THAT(Told(transcript, "vtt"), HasSubstr("ask for json or text"));
  transcript.text.clear();  // silence
  EXPECT_EQ(Told(transcript, "vtt"), "WEBVTT\n\n");
}

TEST(Transcripts, AreToldAsEvents) {
  chat::TranscriptionRequest request;
  request.stream = true;
  const auto told = RenderTranscript(Spoken(), request);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->content_type, "text/event-stream");
  EXPECT_EQ(told->body,
            "data: {\"type\":\"transcript.text.delta\",\"delta\":\"Good day. How are you?\"}\n\n"
            "data: {\"type\":\"transcript.text.done\",\"text\":\"Good day. How are you?\","
            "\"usage\":{\"type\":\"duration\",\"seconds\":4}}\n\n");
}

}  // namespace
}  // namespace signalbox::openai_chat
