// Pictures of Imagen and Gemini, and speech.
#include "vendors/dialects/gemini/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/core/base64.h"
#include "vendors/dialects/gemini/dialect.h"

namespace signalbox::gemini {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

TEST(GeminiPictures, HaveThePathOfTheirModel) {
  EXPECT_EQ(TheDialect().PathOf(chat::Operation::kImages, "imagen-4.0-generate-001", false),
            "/models/imagen-4.0-generate-001:predict");
  EXPECT_EQ(TheDialect().PathOf(chat::Operation::kImages, "gemini-2.5-flash-image", true),
            "/models/gemini-2.5-flash-image:generateContent");
}

TEST(GeminiPictures, ImagenTakesARatio) {
  chat::ImagesRequest request = Cat("imagen-4.0-generate-001");
  request.n = 3;
  request.size = "1024x1024";
  const auto square = RenderImagesRequest(request, Host::kGemini);
  ASSERT_TRUE(square);
  EXPECT_EQ(square->body, R"({"instances":[{"prompt":"a cat"}],)"
                          R"("parameters":{"sampleCount":3,"aspectRatio":"1:1"}})");
  EXPECT_THAT(square->dropped, IsEmpty());
  request.size = "1792x1024";
  const auto wide = RenderImagesRequest(request, Host::kGemini);
  EXPECT_THAT(wide->body, HasSubstr(R"("aspectRatio":"16:9")"));
  EXPECT_THAT(wide->dropped, ElementsAre("size"));  // the ratio is kept, the points are not
  request.size = "2048x2048";
  EXPECT_THAT(RenderImagesRequest(request, Host::kGemini)->body,
              HasSubstr(R"("aspectRatio":"1:1","sampleImageSize":"2K")"));
  request.n = 5;
  EXPECT_EQ(RenderImagesRequest(request, Host::kGemini).error().param, "n");
}

TEST(GeminiPictures, VertexTakesAFormat) {
  chat::ImagesRequest request = Cat("imagen-4.0-generate-001");
  request.output_format = "jpeg";
  request.output_compression = 80;
  const auto vertex = RenderImagesRequest(request, Host::kVertex);
  EXPECT_THAT(vertex->body, HasSubstr(R"("outputOptions":{"mimeType":"image/jpeg",)"
                                      R"("compressionQuality":80})"));
  EXPECT_THAT(vertex->dropped, IsEmpty());
  EXPECT_THAT(RenderImagesRequest(request, Host::kGemini)->dropped,
              ElementsAre("output_format", "output_compression"));
}

TEST(GeminiPictures, GeminiMakesOneInAnAnswer) {
  chat::ImagesRequest request = Cat("gemini-2.5-flash-image");
  request.size = "1536x1024";
  request.seed = 7;
  const auto rendered = RenderImagesRequest(request, Host::kGemini);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body,
            R"({"contents":[{"role":"user","parts":[{"text":"a cat"}]}],"generationConfig":)"
            R"({"responseModalities":["TEXT","IMAGE"],"imageConfig":{"aspectRatio":"3:2"}}})");
  EXPECT_THAT(rendered->dropped, ElementsAre("seed", "size"));
  request.n = 2;
  EXPECT_EQ(RenderImagesRequest(request, Host::kGemini).error().param, "n");
}

TEST(GeminiPictures, AreReadInBothForms) {
  const json::Document imagen =
      Parsed(R"({"predictions":[{"mimeType":"image/png","bytesBase64Encoded":"iVBO",)"
             R"("prompt":"a grey cat"},{"raiFilteredReason":"unsafe"}]})");
  const auto predicted = ParseImagesAnswer(imagen.Root());
  ASSERT_TRUE(predicted) << predicted.error().message;
  ASSERT_EQ(predicted->pictures.size(), 1U);
  EXPECT_EQ(predicted->pictures[0].revised_prompt, "a grey cat");

  const json::Document gemini = Parsed(
      R"({"candidates":[{"content":{"parts":[{"text":"Here"},)"
      R"({"inlineData":{"mimeType":"image/png","data":"iVBP"}}]},"finishReason":"STOP"}],)"
      R"("usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":1290,"totalTokenCount":1295,)"
      R"("candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}})");
  const auto generated = ParseImagesAnswer(gemini.Root());
  ASSERT_TRUE(generated);
  EXPECT_EQ(generated->pictures.at(0).data, "iVBP");
  EXPECT_EQ(generated->usage->tokens.image_output, 1290);
}

TEST(GeminiPictures, SayWhyThereIsNone) {
  const auto error = [](std::string_view text) {
    return ParseImagesAnswer(Parsed(text).Root()).error();
  };
  EXPECT_THAT(error(R"({"candidates":[{"finishReason":"IMAGE_SAFETY"}]})").message,
              HasSubstr("(IMAGE_SAFETY)"));
  EXPECT_THAT(error(R"({"promptFeedback":{"blockReason":"SAFETY"}})").message,
              HasSubstr("(SAFETY)"));
  EXPECT_EQ(error("{}").param, "prompt");  // Imagen answers so when all were filtered
  EXPECT_EQ(error("[]").code, core::ErrorCode::kUpstreamProtocol);
}

TEST(GeminiSpeech, AsksForSound) {
  chat::SpeechRequest request;
  request.input = "hi";
  request.voice = "Kore";
  const auto rendered = RenderSpeechRequest(request);
  ASSERT_TRUE(rendered);
  EXPECT_EQ(rendered->body,
            R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":)"
            R"({"responseModalities":["AUDIO"],"speechConfig":{"voiceConfig":)"
            R"({"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}})");
  request.voice = "alloy";
  EXPECT_THAT(RenderSpeechRequest(request)->dropped, ElementsAre("voice"));
  request.response_format = "mp3";
  EXPECT_EQ(RenderSpeechRequest(request).error().param, "response_format");
}

TEST(GeminiSpeech, PutsAHeadBeforePcm) {
  const std::string text = R"({"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":)"
                           R"("audio/L16;codec=pcm;rate=16000","data":")" +
                           core::ToBase64("abcd") + R"("}}]}}]})";
  const json::Document answer = Parsed(text);
  chat::SpeechRequest request;
  const auto wav = ParseSpeechAnswer(answer.Root(), request);
  ASSERT_TRUE(wav);
  EXPECT_EQ(wav->media_type, "audio/wav");
  EXPECT_EQ(wav->bytes, std::string("RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0"
                                    "\2\0\x10\0data\4\0\0\0abcd",
                                    48));
  request.response_format = "pcm";
  EXPECT_EQ(ParseSpeechAnswer(answer.Root(), request)->bytes, "abcd");
  EXPECT_FALSE(ParseSpeechAnswer(Parsed(R"({"candidates":[]})").Root(), request));
}

}  // namespace
}  // namespace signalbox::gemini
