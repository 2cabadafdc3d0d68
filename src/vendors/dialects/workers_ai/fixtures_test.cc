// Answers of Workers AI, from its own client's tests, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/exchanges.h"
#include "vendors/dialects/workers_ai/dialect.h"

namespace signalbox::workers_ai {
namespace {

using testkit::Difference;
using testkit::Meaning;
using testkit::Recording;

// What OpenAI's form always has, and what says nothing in it.
bool SaysNothing(std::string_view key, const json::Value& value) {
  if (key == "object" || key == "role") {
    return true;
  }
  if (key == "tool_calls") {
    return !value.FirstChild();
  }
  return (key == "id" || key == "model" || key == "content") && value.AsString() == "";
}

// The number of a choice or of a call where nobody wrote it, in a stream and in an answer.
void Complete(Meaning& object) {
  if ((object.Has("delta") || object.Has("message")) && !object.Has("index")) {
    object.members["index"] = {json::Kind::kNumber, "0", {}, {}};
  }
}

constexpr testkit::Rules kRules = {SaysNothing, Complete};

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = testkit::LoadRecordings({.api = "run", .provider = "cloudflare"});
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
};

bool IsError(const Recording& recording) {
  return recording.name.find(".error") != std::string::npos;
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.answer.empty() || IsError(recording)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(Meaning::Of(TheDialect().RenderAnswer(*answer), kRules),
                         Meaning::Of(document.Root(), kRules)),
              "");
    ++count;
  }
  EXPECT_EQ(count, 2);
}

TEST_F(Fixtures, ErrorsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (!IsError(recording)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    wire::ErrorAnswer error;
    error.vendor = TheDialect().ParseError(recording.answer);
    EXPECT_FALSE(error.vendor.message.empty());
    EXPECT_EQ(error.vendor.message.find('{'), std::string::npos);
    EXPECT_EQ(
        Difference(Meaning::Of(TheDialect().RenderError(error)), Meaning::Of(recording.answer)),
        "");
    ++count;
  }
  EXPECT_EQ(count, 2);
}

// Choices that say nothing are not sent, nor are frames without one.
bool IsSilent(const Meaning& choice) {
  return choice.At("delta").members.empty() && !choice.Has("finish_reason");
}

std::vector<std::string> FramesOf(std::string_view stream) {
  std::vector<std::string> frames;
  for (std::string& data : testkit::DataOf(stream)) {
    if (data == "[DONE]") {
      frames.push_back(std::move(data));
      continue;
    }
    Meaning frame = Meaning::Of(data, kRules);
    if (frame.Has("choices")) {
      std::erase_if(frame.members["choices"].items, IsSilent);
      if (frame.At("choices").items.empty()) {
        continue;
      }
    }
    frames.push_back(frame.Text());
  }
  return frames;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningHoweverTheyAreCut) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const std::string_view text = recording.stream;
    const testkit::Streamed whole = testkit::RunStream(TheDialect(), {text});
    std::vector<std::string> expected = FramesOf(text);
    if (expected.back() != "[DONE]") {
      expected.emplace_back("[DONE]");  // the one that says why it ends, and then no more
    }
    EXPECT_EQ(FramesOf(whole.rendered), expected);
    EXPECT_NE(whole.canonical.find("\nend\n"), std::string::npos) << whole.canonical;
    for (std::size_t cut = 1; cut < text.size(); ++cut) {
      const auto parts = testkit::RunStream(TheDialect(), {text.substr(0, cut), text.substr(cut)});
      ASSERT_EQ(parts.canonical, whole.canonical) << cut;
    }
    ++count;
  }
  EXPECT_EQ(count, 4);
}

}  // namespace
}  // namespace signalbox::workers_ai
