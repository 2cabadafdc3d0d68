// What Mistral really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include "io/net/sse.h"
#include "vendors/chat/assemble.h"
#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/mistral_meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/recordings.h"

namespace signalbox::mistral {
namespace {

using testkit::LoadRecordings;
using testkit::Meaning;
using testkit::Recording;

Meaning MeaningOf(std::string_view text) {
  return Meaning::Of(text, kRules);
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    chats_ = LoadRecordings({.api = "chat", .provider = "mistral"});
    if (chats_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> chats_;
};

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : chats_) {
    if (recording.request.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = TheDialect().ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = TheDialect().RenderRequest(*request, {});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    EXPECT_TRUE(rendered->dropped.empty()) << rendered->dropped.front();
    ++count;
  }
  EXPECT_EQ(count, 15);
}

// Cached tokens that are stated as num_cached_tokens stand in prompt_tokens_details too.
Meaning WithDetails(std::string_view text) {
  Meaning meaning = MeaningOf(text);
  const Meaning cached = meaning.At("usage").At("num_cached_tokens");
  if (cached.kind == json::Kind::kNumber) {
    Meaning& details = meaning.members["usage"].members["prompt_tokens_details"];
    details.kind = json::Kind::kObject;
    details.members["cached_tokens"] = cached;
  }
  return meaning;
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : chats_) {
    if (recording.answer.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(
        Difference(MeaningOf(TheDialect().RenderAnswer(*answer)), WithDetails(recording.answer)),
        "");
    ++count;
  }
  EXPECT_EQ(count, 13);
}

std::string StreamOf(const Recording& recording) {
  std::string stream = recording.stream;
  for (const std::string& frame : recording.frames) {
    net::AppendSseEvent(stream, {}, frame);
  }
  return stream;
}

// What an assembled stream says: thoughts, text, calls, usage.
Meaning Assembled(std::string_view stream) {
  const auto parser = TheDialect().NewStreamParser();
  chat::Assembler assembler;
  parser->Feed(stream);
  chat::EventBatch events;
  for (auto more = parser->Next(events); more.value_or(false); more = parser->Next(events)) {
  }
  assembler.Take(events);
  chat::Response answer = std::move(assembler).TakeAnswer();
  answer.extra.clear();  // the padding of each frame
  return MeaningOf(TheDialect().RenderAnswer(answer));
}

TEST_F(Fixtures, StreamsKeepTheirMeaningHoweverTheyAreCut) {
  int count = 0;
  for (const Recording& recording : chats_) {
    const std::string stream = StreamOf(recording);
    if (stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto whole = testkit::RunStream(TheDialect(), {stream});
    EXPECT_EQ(Difference(Assembled(whole.rendered), Assembled(stream)), "");
    EXPECT_FALSE(Assembled(stream).At("choices").items.empty());
    for (std::size_t size : {1U, 7U, 64U, 1000U}) {
      std::vector<std::string_view> pieces;
      for (std::size_t at = 0; at < stream.size(); at += size) {
        pieces.push_back(std::string_view(stream).substr(at, size));
      }
      EXPECT_EQ(testkit::RunStream(TheDialect(), pieces).canonical, whole.canonical);
    }
    ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST(EmbeddingsFixtures, KeepTheirMeaning) {
  const auto recordings = LoadRecordings({.api = "embeddings", .provider = "mistral"});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  for (const Recording& recording : recordings) {
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = TheDialect().RenderEmbeddingsRequest(*request);
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderEmbeddingsAnswer(*answer)),
                         MeaningOf(recording.answer)),
              "");
  }
  EXPECT_EQ(recordings.size(), 3U);
}

}  // namespace
}  // namespace signalbox::mistral
