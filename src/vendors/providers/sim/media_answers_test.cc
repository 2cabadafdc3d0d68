#include "vendors/providers/sim/media_answers.h"

#include <gtest/gtest.h>

namespace signalbox::sim {
namespace {

std::string Body(core::Result<MediaAnswer> answer) {
  return answer ? answer->body : answer.error().message;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

TEST(MediaAnswers, ModerationFlagsByWords) {
  json::Document request;
  ASSERT_TRUE(request.Parse(R"({"model":"m","input":["I will Kill the lights","good day"]})"));
  const std::string body = Body(AnswerModeration(request.Root(), "1"));
  EXPECT_TRUE(Has(body, R"("results":[{"flagged":true)")) << body;
  EXPECT_TRUE(Has(body, R"({"flagged":false)")) << body;
  EXPECT_TRUE(Has(body, R"("violence":true)")) << body;
  ASSERT_TRUE(request.Parse(R"({"input":[{"type":"text","text":"a"},{"type":"image_url"}]})"));
  json::Document answer;
  const std::string parts = Body(AnswerModeration(request.Root(), "1"));
  ASSERT_TRUE(answer.Parse(parts));
  EXPECT_EQ(answer.Root().Find("results")->CountChildren(), 1U);
  ASSERT_TRUE(request.Parse("{}"));
  EXPECT_EQ(AnswerModeration(request.Root(), "1").error().param, "input");
}

TEST(MediaAnswers, PicturesAndSoundsAreWhatTheySay) {
  const std::string png = MakePng(2, 1, 0x102030);
  EXPECT_EQ(png.size(), 8U + 25 + 12 + 2 + 5 + 7 + 4 + 12);
  EXPECT_EQ(png.substr(png.size() - 12), std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12));
  const std::string wav = MakeWav(3);
  EXPECT_EQ(wav.size(), 48U);
  EXPECT_EQ(wav.substr(0, 12), std::string("RIFF\x28\0\0\0WAVE", 12));
  json::Document request;
  ASSERT_TRUE(request.Parse(R"({"prompt":"a cat","n":2})"));
  EXPECT_EQ(Body(AnswerImages(request.Root(), 7)), Body(AnswerImages(request.Root(), 7)));
  EXPECT_TRUE(
      Has(Body(AnswerImages(request.Root(), 7)), R"({"created":7,"data":[{"b64_json":"iVB)"));
  ASSERT_TRUE(request.Parse(R"({"prompt":"a cat","n":11})"));
  EXPECT_EQ(AnswerImages(request.Root(), 7).error().param, "n");
}

TEST(MediaAnswers, TranscriptsSayWhatTheFileWas) {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n" +
      std::string(20'000, 'x') +
      "\r\n--b\r\nContent-Disposition: form-data; name=\"response_format\"\r\n\r\nvtt\r\n--b--\r\n";
  for (const std::size_t size : {std::size_t{1}, std::size_t{77}, form.size()}) {
    FormSummary summary("multipart/form-data; boundary=b");
    for (std::size_t at = 0; at < form.size(); at += size) {
      EXPECT_TRUE(at + 2 >= form.size() || !summary.problem().empty());
      summary.Feed(std::string_view(form).substr(at, size));
    }
    ASSERT_EQ(summary.problem(), "");
    const auto answer = AnswerTranscription(summary);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->content_type, "text/vtt; charset=utf-8");
    EXPECT_TRUE(Has(answer->body, "The file a.wav has 20000 bytes.")) << answer->body;
  }
  EXPECT_NE(FormSummary("application/json").problem(), "");
}

}  // namespace
}  // namespace signalbox::sim
