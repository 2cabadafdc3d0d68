// Pictures, speech and transcripts of Workers AI.
#include "vendors/dialects/workers_ai/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/base64.h"

namespace signalbox::workers_ai {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kFlux = "@cf/black-forest-labs/flux-1-schnell";
constexpr std::string_view kDiffusion = "@cf/stabilityai/stable-diffusion-xl-base-1.0";

json::Document Parsed(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text)) << text;
  return document;
}

chat::ImagesRequest Cat(std::string_view model) {
  chat::ImagesRequest request;
  request.model = model;
  request.prompt = "a cat";
  return request;
}

TEST(WorkersAiPictures, FluxTakesStepsAndHasOneSize) {
  chat::ImagesRequest request = Cat(kFlux);
  request.quality = "hd";
  request.size = "1024x1024";
  request.seed = 7;
  const auto exact = RenderImagesRequest(request);
  ASSERT_TRUE(exact);
  EXPECT_EQ(exact->body, R"({"prompt":"a cat","steps":8,"seed":7})");
  EXPECT_TRUE(exact->dropped.empty());
  request.size = "1536x1024";
  request.negative_prompt = "dogs";
  request.style = "vivid";
  request.extra = {{"partial_images", "1"}};
  EXPECT_THAT(RenderImagesRequest(request)->dropped,
              ElementsAre("style", "partial_images", "size", "negative_prompt"));
}

TEST(WorkersAiPictures, OthersTakeASize) {
  chat::ImagesRequest request = Cat(kDiffusion);
  request.quality = "high";
  request.size = "512x768";
  request.negative_prompt = "dogs";
  const auto rendered = RenderImagesRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body,
            R"({"prompt":"a cat","negative_prompt":"dogs","width":512,"height":768})");
  EXPECT_THAT(rendered->dropped, ElementsAre("quality"));
}

TEST(WorkersAiPictures, RefuseWhatWouldBeAnotherAnswer) {
  const auto param = [](auto change) {
    chat::ImagesRequest request = Cat(kFlux);
    change(request);
    const auto rendered = RenderImagesRequest(request);
    return rendered ? "" : rendered.error().param;
  };
  EXPECT_EQ(param([](auto& request) { request.n = 2; }), "n");
  EXPECT_EQ(param([](auto& request) { request.n = 0; }), "n");
  EXPECT_EQ(param([](auto& request) { request.response_format = "url"; }), "response_format");
  EXPECT_EQ(param([](auto& request) { request.stream = true; }), "stream");
  EXPECT_EQ(param([](auto& request) { request.background = "transparent"; }), "background");
  EXPECT_EQ(param([](auto& request) { request.size = "large"; }), "size");
  EXPECT_EQ(param([](auto& request) { request.size = "1024x99999999"; }), "size");
}

TEST(WorkersAiPictures, ComeInJsonOrAsTheyAre) {
  const std::string png("\x89PNG\r\n\x1a\n", 8);
  const std::string data = core::ToBase64(png);
  const std::string text =
      R"({"result":{"image":")" + data + R"("},"success":true,"errors":[],"messages":[]})";
  const json::Document inside = Parsed(text);
  const json::Value root = inside.Root();
  const auto told = ParseImagesAnswer({.bytes = {}, .json = &root});
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_EQ(told->pictures.at(0).data, data);
  EXPECT_EQ(told->pictures.at(0).media_type, "image/png");
  const auto raw = ParseImagesAnswer({.bytes = png});
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->pictures.at(0).data, data);
  EXPECT_EQ(ParseImagesAnswer({.bytes = "<html>"}).error().code,
            core::ErrorCode::kUpstreamProtocol);
}

TEST(WorkersAiPictures, AnErrorInsideAnAnswerIsOne) {
  const json::Document failed = Parsed(
      R"({"result":null,"success":false,"errors":[{"code":3030,"message":"NSFW"}],"messages":[]})");
  const json::Value root = failed.Root();
  EXPECT_THAT(ParseImagesAnswer({.bytes = {}, .json = &root}).error().message, HasSubstr("NSFW"));
  const json::Document empty = Parsed(R"({"result":{},"success":true})");
  const json::Value none = empty.Root();
  EXPECT_FALSE(ParseImagesAnswer({.bytes = {}, .json = &none}));
}

chat::SpeechRequest Say(std::string_view model, std::string_view voice, std::string_view format) {
  chat::SpeechRequest request;
  request.model = model;
  request.input = "hi";
  request.voice = voice;
  request.response_format = format;
  return request;
}

TEST(WorkersAiSpeech, AuraTakesFormatsAndItsOwnVoices) {
  const auto body = [](std::string_view format) {
    return RenderSpeechRequest(Say("@cf/deepgram/aura-1", "orion", format))->body;
  };
  EXPECT_EQ(body(""), R"({"text":"hi","speaker":"orion"})");
  EXPECT_EQ(body("mp3"), R"({"text":"hi","speaker":"orion","encoding":"mp3"})");
  EXPECT_EQ(body("opus"), R"({"text":"hi","speaker":"orion","encoding":"opus","container":"ogg"})");
  EXPECT_EQ(body("pcm"), R"({"text":"hi","speaker":"orion","encoding":"linear16",)"
                         R"("container":"none","sample_rate":24000})");
  EXPECT_EQ(RenderSpeechRequest(Say("@cf/deepgram/aura-1", "orion", "midi")).error().param,
            "response_format");
  chat::SpeechRequest alloy = Say("@cf/deepgram/aura-1", "alloy", "wav");
  alloy.instructions = "softly";
  alloy.speed = chat::Number{"1.25"};
  const auto rendered = RenderSpeechRequest(alloy);
  EXPECT_EQ(rendered->body, R"({"text":"hi","encoding":"linear16","container":"wav"})");
  EXPECT_THAT(rendered->dropped, ElementsAre("instructions", "speed", "voice"));
}

TEST(WorkersAiSpeech, MeloTakesALanguage) {
  const auto french = RenderSpeechRequest(Say("@cf/myshell-ai/melotts", "fr", "mp3"));
  EXPECT_EQ(french->body, R"({"prompt":"hi","lang":"fr"})");
  EXPECT_THAT(french->dropped, ElementsAre("response_format"));
  const auto alloy = RenderSpeechRequest(Say("@cf/myshell-ai/melotts", "alloy", ""));
  EXPECT_EQ(alloy->body, R"({"prompt":"hi"})");
  EXPECT_THAT(alloy->dropped, ElementsAre("voice"));
  EXPECT_EQ(RenderSpeechRequest(Say("@cf/myshell-ai/melotts", "", "pcm")).error().param,
            "response_format");
  chat::SpeechRequest events = Say("@cf/myshell-ai/melotts", "", "");
  events.stream_format = "sse";
  EXPECT_EQ(RenderSpeechRequest(events).error().param, "stream_format");
}

TEST(WorkersAiSpeech, IsWhatItsFirstBytesSay) {
  const auto type = [](std::string_view bytes) {
    const std::string text =
        R"({"result":{"audio":")" + core::ToBase64(bytes) + R"("},"success":true,"errors":[]})";
    const json::Document answer = Parsed(text);
    const auto sound = ParseSpeechAnswer(answer.Root());
    EXPECT_EQ(sound ? sound->bytes : sound.error().message, bytes);
    return sound ? sound->media_type : "";
  };
  EXPECT_EQ(type("RIFF1234WAVE"), "audio/wav");
  EXPECT_EQ(type("ID3x"), "audio/mpeg");
  EXPECT_EQ(type("\xFF\xFB\x90"), "audio/mpeg");
  EXPECT_EQ(type("fLaC0"), "audio/flac");
  EXPECT_FALSE(ParseSpeechAnswer(Parsed(R"({"result":{"audio":"!"}})").Root()));
}

TEST(WorkersAiTranscripts, WhisperLargeTakesFieldsAroundBase64) {
  chat::TranscriptionRequest request;
  request.model = "@cf/openai/whisper-large-v3-turbo";
  const auto start = RenderTranscriptionStart(request);
  ASSERT_TRUE(start);
  EXPECT_TRUE(start->base64);
  EXPECT_EQ(start->content_type, "application/json");
  request.language = "de";
  request.prompt = "\"Ho\"";
  request.translate = true;
  request.temperature = chat::Number{"0.1"};
  request.others = {"include[]"};
  const auto end = RenderTranscriptionEnd(request, *start);
  const std::string body = start->before + "AAAA" + end->body;
  EXPECT_EQ(body,
            R"({"audio":"AAAA","task":"translate","language":"de","initial_prompt":"\"Ho\""})");
  EXPECT_THAT(end->dropped, ElementsAre("include[]", "temperature"));
}

TEST(WorkersAiTranscripts, WhisperTakesTheFileAlone) {
  chat::TranscriptionRequest request;
  request.model = "@cf/openai/whisper";
  request.file_name = "a.mp3";
  const auto start = RenderTranscriptionStart(request);
  ASSERT_TRUE(start);
  EXPECT_EQ(start->content_type, "audio/mpeg");
  EXPECT_EQ(start->before, "");
  request.language = "de";
  request.prompt = "x";
  const auto end = RenderTranscriptionEnd(request, *start);
  EXPECT_EQ(end->body, "");
  EXPECT_THAT(end->dropped, ElementsAre("language", "prompt"));
  request.translate = true;
  EXPECT_EQ(RenderTranscriptionStart(request).error().param, "model");
}

TEST(WorkersAiTranscripts, AreReadInEachModelsForm) {
  const json::Document turbo = Parsed(
      R"({"result":{"transcription_info":{"language":"en","duration":2.5},"text":"Good day",)"
      R"("segments":[{"start":0,"end":2.5,"text":"Good day","avg_logprob":-0.3,)"
      R"("words":[{"word":" Good","start":0,"end":1}]}],"vtt":"WEBVTT"},"success":true})");
  const auto large = ParseTranscript(turbo.Root());
  ASSERT_TRUE(large) << large.error().message;
  EXPECT_EQ(large->text, "Good day");
  EXPECT_EQ(large->language, "en");
  EXPECT_EQ(large->duration, 2.5);
  EXPECT_EQ(large->segments.at(0).end, 2.5);
  EXPECT_EQ(large->words.at(0).text, " Good");

  const json::Document small = Parsed(
      R"({"result":{"text":"Ho","word_count":1,"words":[{"word":"Ho","start":0.5,"end":1}]},)"
      R"("success":true,"errors":[],"messages":[]})");
  EXPECT_EQ(ParseTranscript(small.Root())->words.at(0).start, 0.5);

  const json::Document nova = Parsed(
      R"({"result":{"results":{"channels":[{"alternatives":[{"transcript":"Ho there",)"
      R"("words":[{"word":"ho","punctuated_word":"Ho","start":0,"end":1}]}]}]}},"success":true})");
  const auto deepgram = ParseTranscript(nova.Root());
  ASSERT_TRUE(deepgram);
  EXPECT_EQ(deepgram->text, "Ho there");
  EXPECT_EQ(deepgram->words.at(0).text, "Ho");
  EXPECT_FALSE(ParseTranscript(Parsed(R"({"result":{}})").Root()));
}

}  // namespace
}  // namespace signalbox::workers_ai
