// The simulated model's pictures, speech and transcripts, as the dialects' own parsers read them.
#include "vendors/providers/sim/vendor_media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/base64.h"
#include "vendors/dialects/dialects.h"

namespace signalbox::sim {
namespace {

using chat::Operation;
using testing::HasSubstr;
using testing::StartsWith;

Route At(std::string_view path) {
  auto route = FindRoute(path);
  EXPECT_TRUE(route) << path;
  RefineByModel(*route);
  return *route;
}

core::Result<MediaAnswer> Ask(const Route& route, std::string_view body) {
  json::Document document;
  EXPECT_TRUE(document.Parse(body)) << body;
  Route refined = route;
  RefineByModalities(document.Root(), refined);
  const json::Value root = document.Root();
  return AnswerVendorMedia(refined, &root, body);
}

TEST(VendorMedia, TheModelsNameSaysWhatItMakes) {
  EXPECT_EQ(At("/ai/run/@cf/x/flux-1-schnell").operation, Operation::kImages);
  EXPECT_EQ(At("/ai/run/@cf/myshell-ai/melotts").operation, Operation::kSpeech);
  EXPECT_EQ(At("/ai/run/@cf/openai/whisper").operation, Operation::kTranscriptions);
  EXPECT_EQ(At("/ai/run/@cf/meta/llama-3-8b").operation, Operation::kChat);
  EXPECT_EQ(At("/models/o/SDXL").operation, Operation::kImages);
  EXPECT_EQ(At("/models/gpt2").operation, Operation::kChat);
  EXPECT_EQ(At("/v1beta/models/imagen-4.0:predict").operation, Operation::kImages);
  EXPECT_EQ(At("/v1beta/models/text-embedding:predict").operation, Operation::kEmbeddings);
  EXPECT_EQ(At("/v1beta/models/gemini-2.5-flash-image:generateContent").operation,
            Operation::kChat);
  EXPECT_EQ(At("/v1/chat/completions").operation, Operation::kChat);
}

// Each vendor's request, rendered from OpenAI's, answered, and read again.
TEST(VendorMedia, PicturesAreReadAgain) {
  for (const auto& [name, model] : std::initializer_list<std::pair<std::string, std::string>>{
           {"workers_ai", "@cf/x/flux-1-schnell"},
           {"workers_ai", "@cf/x/stable-diffusion"},
           {"huggingface", "o/sdxl"},
           {"gemini", "imagen-4.0"},
           {"vertex", "imagen-4.0"},
           {"gemini", "gemini-2.5-flash-image"}}) {
    const wire::Dialect& dialect = *dialects::Find(name);
    chat::ImagesRequest request;
    request.model = model;
    request.prompt = "a cat";
    const auto rendered = dialect.RenderImagesRequest(request);
    ASSERT_TRUE(rendered) << name;
    const std::string above = name == "vertex" ? "/v1/publishers/google" : "";
    const auto answer =
        Ask(At(above + dialect.PathOf(Operation::kImages, model, false)), rendered->body);
    ASSERT_TRUE(answer) << name << ": " << answer.error().message;
    json::Document document;
    const bool json = answer->content_type == "application/json";
    ASSERT_TRUE(!json || document.Parse(answer->body));
    const json::Value root = document.Root();
    const auto read =
        dialect.ParseImagesAnswer({.bytes = answer->body, .json = json ? &root : nullptr});
    ASSERT_TRUE(read) << name << ": " << read.error().message;
    EXPECT_THAT(read->pictures.at(0).data, StartsWith("iVBORw0KGgo")) << name;
  }
}

TEST(VendorMedia, SpeechIsReadAgain) {
  const wire::Dialect& google = *dialects::Find("gemini");
  chat::SpeechRequest request;
  request.input = "hello";
  const auto rendered = google.RenderSpeechRequest(request);
  const auto answer =
      Ask(At("/v1beta/models/gemini-2.5-flash-preview-tts:generateContent"), rendered->body);
  ASSERT_TRUE(answer) << answer.error().message;
  json::Document document;
  ASSERT_TRUE(document.Parse(answer->body));
  const auto sound = google.ParseSpeechAnswer(document.Root(), request);
  ASSERT_TRUE(sound) << sound.error().message;
  EXPECT_EQ(sound->bytes.size(), 44U + 5 * 80 * 2);
  EXPECT_THAT(sound->bytes, StartsWith("RIFF"));
  EXPECT_EQ(Ask(At("/run/@cf/deepgram/aura-1"), R"({"text":"hello"})")->content_type, "audio/wav");
  EXPECT_THAT(Ask(At("/run/@cf/myshell-ai/melotts"), R"({"prompt":"hello"})")->body,
              HasSubstr(core::ToBase64(MakeWav(5 * 80))));
  EXPECT_EQ(Ask(At("/run/@cf/myshell-ai/melotts"), "{}").error().param, "prompt");
}

TEST(VendorMedia, TranscriptsAreReadAgain) {
  const Route large = At("/run/@cf/openai/whisper-large-v3-turbo");
  const auto told = Ask(large, R"({"audio":")" + core::ToBase64("12345") + R"("})");
  ASSERT_TRUE(told) << told.error().message;
  json::Document document;
  ASSERT_TRUE(document.Parse(told->body));
  const auto read = large.dialect->ParseTranscript(document.Root());
  EXPECT_EQ(read->text, "The file has 5 bytes.");
  EXPECT_EQ(read->duration, 1);
  const Route raw = At("/models/openai/whisper-large-v3");
  const auto again = AnswerVendorMedia(raw, nullptr, "12345678");
  ASSERT_TRUE(again && document.Parse(again->body));
  EXPECT_EQ(raw.dialect->ParseTranscript(document.Root())->text, "The file has 8 bytes.");
  EXPECT_EQ(Ask(large, R"({"audio":"!"})").error().param, "audio");
}

}  // namespace
}  // namespace signalbox::sim
