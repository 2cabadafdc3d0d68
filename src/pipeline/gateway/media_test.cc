// Pictures, speech and transcripts at upstreams of another dialect than OpenAI's.
#include <gmock/gmock.h>

#include "base/core/base64.h"
#include "pipeline/gateway/gateway_testing.h"

namespace signalbox::gateway {
namespace {

using chat::Operation;
using providers::ProviderType;
using testing::HasSubstr;

constexpr std::string_view kTurbo = "edge/@cf/openai/whisper-large-v3-turbo";

providers::ProviderOptions Of(ProviderType type) {
  providers::ProviderOptions options;
  options.type = type;
  return options;
}

std::string Field(std::string_view name, std::string_view value) {
  return std::string("--b\r\nContent-Disposition: form-data; name=\"")
      .append(name)
      .append("\"\r\n\r\n")
      .append(value)
      .append("\r\n");
}
std::string File(std::string_view sound) {
  return std::string(
             "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
             "Content-Type: audio/x-wav\r\n\r\n")
      .append(sound)
      .append("\r\n");
}
constexpr std::string_view kEnd = "--b--\r\n";

LOOP_TEST(Media, PicturesOfWorkersAi) {
  GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
  rig.upstream->answers.push_back(
      {.pieces = {R"({"result":{"image":"iVBORw0KGgo="},"success":true,"errors":[]})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/@cf/x/flux-1-schnell","prompt":"a cat","quality":"hd",)"
                   R"("user":"u"})",
                   &sink, {}, {}, Operation::kImages);
  EXPECT_EQ(sink.status, 200);
  EXPECT_THAT(sink.body,
              HasSubstr(R"("data":[{"b64_json":"iVBORw0KGgo="}],"output_format":"png"})"));
  EXPECT_EQ(sink.content_type, "application/json");
  EXPECT_EQ(sink.dropped, "user");
  EXPECT_EQ(rig.upstream->calls[0].path, "/run/@cf/x/flux-1-schnell");
  EXPECT_EQ(rig.upstream->calls[0].body, R"({"prompt":"a cat","steps":8})");
  const ledger::Record record = rig.Records().back().record;
  EXPECT_EQ(record.usage.images, 1);
  EXPECT_EQ(record.usage_source, ledger::UsageSource::kVendor);
}

LOOP_TEST(Media, APictureThatComesAsItIs) {
  GatewayRig rig(loop, Of(ProviderType::kHuggingFace));
  const std::string png = "\x89PNG\r\n\x1a\nxyz";
  rig.upstream->answers.push_back(
      {.content_type = "image/png", .pieces = {png.substr(0, 5), png.substr(5)}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/o/sdxl","prompt":"a cat","size":"512x512"})", &sink, {}, {},
                   Operation::kImages);
  EXPECT_THAT(sink.body, HasSubstr(R"("b64_json":")" + core::ToBase64(png) + "\""));
  EXPECT_EQ(sink.content_type, "application/json");
  EXPECT_TRUE(sink.whole);
  EXPECT_EQ(rig.upstream->calls[0].path, "/models/o/sdxl");
}

LOOP_TEST(Media, PicturesOfGoogle) {
  GatewayRig rig(loop, Of(ProviderType::kGemini));
  rig.upstream->answers.push_back(
      {.pieces = {R"({"predictions":[{"mimeType":"image/png","bytesBase64Encoded":"iVBO"},)"
                  R"({"mimeType":"image/png","bytesBase64Encoded":"iVBP"}]})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/imagen-4.0-generate-001","prompt":"a cat","n":2})", &sink, {},
                   {}, Operation::kImages);
  EXPECT_THAT(sink.body, HasSubstr(R"([{"b64_json":"iVBO"},{"b64_json":"iVBP"}])"));
  EXPECT_EQ(rig.upstream->calls[0].path, "/models/imagen-4.0-generate-001:predict");
  EXPECT_EQ(rig.Records().back().record.usage.images, 2);

  rig.upstream->answers.push_back(
      {.pieces = {R"({"candidates":[{"finishReason":"IMAGE_SAFETY"}]})"}});
  RecordingSink refused;
  co_await rig.Run(R"({"model":"edge/gemini-2.5-flash-image","prompt":"a cat"})", &refused, {}, {},
                   Operation::kImages);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("made no picture of it (IMAGE_SAFETY)"));
}

LOOP_TEST(Media, WhatCannotBeSaidIsRefusedBeforeAnythingIsSent) {
  GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/m","prompt":"a cat","n":2})", &sink, {}, {},
                   Operation::kImages);
  EXPECT_EQ(sink.status, 400);
  EXPECT_THAT(sink.body, HasSubstr("n: Workers AI makes one picture a call"));
  EXPECT_EQ(rig.Story(), "");
}

LOOP_TEST(Media, TheUpstreamsErrorIsToldInOpenAisForm) {
  GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
  rig.upstream->answers.push_back(
      {.status = 400,
       .pieces = {R"({"errors":[{"code":3030,"message":"prompt is NSFW"}],"success":false})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/m","prompt":"x"})", &sink, {}, {}, Operation::kImages);
  EXPECT_EQ(sink.status, 400);
  EXPECT_THAT(sink.body, HasSubstr(R"("message":"prompt is NSFW")"));
}

LOOP_TEST(Media, SpeechGoesOnAsItComes) {
  GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
  rig.upstream->answers.push_back({.content_type = "audio/mpeg", .pieces = {"\xff\xfb", "rest"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/@cf/deepgram/aura-1","input":"grün","voice":"alloy"})", &sink,
                   {}, {}, Operation::kSpeech);
  EXPECT_EQ(sink.content_type, "audio/mpeg");
  EXPECT_EQ(sink.body, "\xff\xfbrest");
  EXPECT_TRUE(sink.begun && sink.ended);
  EXPECT_EQ(sink.dropped, "voice");
  EXPECT_EQ(rig.upstream->calls[0].body, R"({"text":"grün"})");
  EXPECT_EQ(rig.Records().back().record.usage.characters, 4);
}

LOOP_TEST(Media, SpeechInsideJsonIsTakenOut) {
  GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
  rig.upstream->answers.push_back(
      {.pieces = {R"({"result":{"audio":")" + core::ToBase64("RIFFwave") +
                  R"("},"success":true})"}});
  RecordingSink sink;
  co_await rig.Run(R"({"model":"edge/@cf/myshell-ai/melotts","input":"hi","voice":"fr"})", &sink,
                   {}, {}, Operation::kSpeech);
  EXPECT_EQ(sink.status, 200);
  EXPECT_EQ(sink.content_type, "audio/wav");
  EXPECT_EQ(sink.body, "RIFFwave");
  EXPECT_EQ(rig.upstream->calls[0].body, R"({"prompt":"hi","lang":"fr"})");
  const ledger::OwnedRecord end = rig.Records().back();
  EXPECT_EQ(end.record.usage.characters, 2);
  EXPECT_EQ(end.record.usage_source, ledger::UsageSource::kCounted);
}

// However the form is cut, and wherever its fields stand.
LOOP_TEST(Media, AFileGoesOnAsBase64) {
  const std::string sound(200'003, '\r');
  const std::string model = Field("model", kTurbo);
  const std::string language = Field("language", "de");
  const std::string file = File(sound);
  for (const std::string& form :
       {model + language + file + std::string(kEnd), model + file + language + std::string(kEnd)}) {
    for (const std::size_t size : {std::size_t{1000}, std::size_t{4099}, std::size_t{1'000'000}}) {
      GatewayRig rig(loop, Of(ProviderType::kWorkersAi));
      rig.upstream->answers.push_back(
          {.pieces = {R"({"result":{"text":"Ho","transcription_info":{"duration":12.5}}})"}});
      RecordingSink sink;
      SlicedUpload upload(form, size);
      co_await rig.RunUpload(&upload, &sink);
      EXPECT_EQ(sink.body, R"({"text":"Ho","usage":{"type":"duration","seconds":13}})");
      const FakeCall& call = rig.upstream->calls[0];
      EXPECT_EQ(call.path, "/run/@cf/openai/whisper-large-v3-turbo");
      EXPECT_EQ(call.content_type, "application/json");
      EXPECT_TRUE(call.body == R"({"audio":")" + core::ToBase64(sound) + R"(","language":"de"})");
      const ledger::Record record = rig.Records().back().record;
      EXPECT_EQ(record.usage.input_milliseconds, 12'500);
      EXPECT_EQ(record.request_bytes, call.body.size());
    }
  }
}

LOOP_TEST(Media, AFileGoesOnAsItIs) {
  GatewayRig rig(loop, Of(ProviderType::kHuggingFace));
  rig.upstream->answers.push_back({.pieces = {R"({"text":" Ho"})"}});
  RecordingSink sink;
  const std::string sound(200'000, '-');
  SlicedUpload upload(Field("model", "edge/openai/whisper-large-v3") + Field("language", "de") +
                          File(sound) + Field("response_format", "text") + std::string(kEnd),
                      5000);
  co_await rig.RunUpload(&upload, &sink);
  EXPECT_EQ(sink.body, " Ho\n");
  EXPECT_EQ(sink.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(sink.dropped, "language");
  EXPECT_EQ(rig.upstream->calls[0].path, "/models/openai/whisper-large-v3");
  EXPECT_EQ(rig.upstream->calls[0].content_type, "audio/x-wav");
  EXPECT_TRUE(rig.upstream->calls[0].body == sound);
  EXPECT_EQ(rig.upstream->calls[0].length, std::nullopt);
}

LOOP_TEST(Media, AShortFormHasALengthAndCanGoTwice) {
  GatewayRig rig(loop, Of(ProviderType::kHuggingFace), {.ring_bytes = 1024 * 1024},
                 {.attempts = 2, .base = std::chrono::milliseconds(1)});
  rig.upstream->answers.push_back({.status = 500, .pieces = {R"({"error":"busy"})"}});
  rig.upstream->answers.push_back({.pieces = {R"({"text":"Ho"})"}});
  RecordingSink sink;
  SlicedUpload upload(Field("model", "edge/w") + File("sound") + std::string(kEnd), 10);
  co_await rig.RunUpload(&upload, &sink);
  EXPECT_EQ(sink.body, R"({"text":"Ho"})");
  for (const FakeCall& call : rig.upstream->calls) {
    EXPECT_EQ(call.body, "sound");
    EXPECT_EQ(call.length, 5U);
  }
  EXPECT_EQ(rig.upstream->calls.size(), 2U);
}

LOOP_TEST(Media, FormsThatCannotBeTold) {
  struct Case {
    std::string form;
    ProviderType type;
    std::string_view says;
  };
  const std::string end(kEnd);
  const std::string model = Field("model", "edge/m");
  const std::string late = Field("response_format", "srt");
  const Case cases[] = {
      {model + end, ProviderType::kWorkersAi, "file: a file was expected"},
      {model + File("a") + File("b") + end, ProviderType::kWorkersAi, "one file called file"},
      {model + Field("response_format", "diarized_json") + File("a") + end,
       ProviderType::kWorkersAi,
       "response_format: json, text, verbose_json, srt or vtt was expected"},
      {model + File(std::string(100'000, 'x')) + late + end, ProviderType::kHuggingFace,
       "it must stand before the file"},
      {model + File("a") + end, ProviderType::kGemini, "has no transcription"},
  };
  for (const Case& each : cases) {
    GatewayRig rig(loop, Of(each.type));
    RecordingSink sink;
    SlicedUpload upload(each.form, 1000);
    rig.upstream->answers.push_back({});
    co_await rig.RunUpload(&upload, &sink);
    EXPECT_EQ(sink.status, 400) << each.says;
    EXPECT_THAT(sink.body, HasSubstr(each.says));
  }
}

}  // namespace
}  // namespace signalbox::gateway
