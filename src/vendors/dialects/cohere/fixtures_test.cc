// What Cohere really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/chat/dump.h"
#include "vendors/dialects/cohere/cohere_meaning_testing.h"
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/exchanges.h"

namespace signalbox::cohere {
namespace {

using testkit::LoadRecordings;
using testkit::Meaning;
using testkit::Recording;

Meaning MeaningOf(std::string_view text) {
  return Meaning::Of(text, kAnswerRules);
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    chats_ = LoadRecordings({.api = "v2chat", .provider = "cohere"});
    if (chats_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> chats_;
};

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : chats_) {
    if (!recording.request.empty()) {
      testkit::CheckRequest(TheDialect(), recording, kAnswerRules);
      ++count;
    }
  }
  EXPECT_EQ(count, 7);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : chats_) {
    if (!recording.answer.empty()) {
      testkit::CheckAnswer(TheDialect(), recording, kAnswerRules);
      ++count;
    }
  }
  EXPECT_EQ(count, 7);
}

// What an assembled stream says, written as a whole answer.
Meaning Assembled(const std::vector<std::string_view>& pieces) {
  const auto parser = TheDialect().NewStreamParser();
  chat::Assembler assembler;
  for (const std::string_view piece : pieces) {
    parser->Feed(piece);
    chat::EventBatch events;
    for (auto more = parser->Next(events); more.value_or(false); more = parser->Next(events)) {
    }
    assembler.Take(events);
  }
  EXPECT_TRUE(assembler.ended());
  chat::Response answer = std::move(assembler).TakeAnswer();
  answer.dialect = kDialect;
  return MeaningOf(TheDialect().RenderAnswer(answer));
}

// The data of each event, the calls' missing arguments and the framing's end aside.
std::vector<std::string> FramesOf(std::string_view stream) {
  std::vector<std::string> frames;
  for (const std::string& data : testkit::DataOf(stream)) {
    const Meaning meaning = Meaning::Of(data, {SaysNothing, nullptr});
    if (data != "[DONE]" && meaning.Text().find(R"("arguments":"{}")") == std::string::npos) {
      frames.push_back(meaning.Text());
    }
  }
  return frames;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningHoweverTheyAreCut) {
  int count = 0;
  for (const Recording& recording : chats_) {
    const std::string stream = testkit::StreamOf(recording);
    if (stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto whole = testkit::RunStream(TheDialect(), {stream});
    EXPECT_EQ(FramesOf(whole.rendered), FramesOf(stream));
    EXPECT_EQ(Difference(Assembled({whole.rendered}), Assembled({stream})), "");
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      const auto pieces = testkit::CutAtRandom(stream, seed, 200);
      EXPECT_EQ(testkit::RunStream(TheDialect(), pieces).canonical, whole.canonical);
    }
    ++count;
  }
  EXPECT_EQ(count, 4);
}

TEST_F(Fixtures, BillIsWhatIsBilled) {
  json::Document document;
  for (const Recording& recording : chats_) {
    if (recording.name.find("null-args") != std::string::npos) {
      const auto bill = TheDialect().ReadBill(recording.answer, document);
      ASSERT_TRUE(bill);
      EXPECT_EQ(bill->usage.input, 46);
      EXPECT_EQ(bill->usage.output, 14);
      EXPECT_EQ(bill->usage.cached, -1);
      return;
    }
  }
  FAIL() << "the recording is gone";
}

TEST(EmbeddingsFixtures, KeepTheirMeaning) {
  const auto recordings = LoadRecordings({.api = "embeddings", .provider = "cohere"});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  int requests = 0;
  int answers = 0;
  for (const Recording& recording : recordings) {
    SCOPED_TRACE(recording.name);
    json::Document document;
    if (!recording.request.empty()) {
      ASSERT_TRUE(document.Parse(recording.request));
      const auto request = TheDialect().ParseEmbeddingsRequest(document.Root());
      ASSERT_TRUE(request) << request.error().message;
      const auto rendered = TheDialect().RenderEmbeddingsRequest(*request);
      ASSERT_TRUE(rendered);
      EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
      ++requests;
    }
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseEmbeddingsAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderEmbeddingsAnswer(*answer)),
                         MeaningOf(recording.answer)),
              "");
    EXPECT_GT(answer->usage->tokens.input, 0);
    EXPECT_EQ(TheDialect().ReadBill(recording.answer, document)->usage.input,
              answer->usage->tokens.input);
    ++answers;
  }
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(answers, 3);
}

TEST(RerankFixtures, KeepTheirMeaning) {
  const auto recordings = LoadRecordings({.api = "rerank"});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  int requests = 0;
  int answers = 0;
  for (const Recording& recording : recordings) {
    SCOPED_TRACE(recording.name);
    json::Document document;
    if (!recording.request.empty()) {
      ASSERT_TRUE(document.Parse(recording.request));
      const auto request = TheDialect().ParseRerankRequest(document.Root());
      ASSERT_TRUE(request) << request.error().message;
      const auto rendered = TheDialect().RenderRerankRequest(*request);
      ASSERT_TRUE(rendered);
      EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
      ++requests;
    }
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseRerankAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_FALSE(answer->results.empty());
    EXPECT_GT(answer->results[0].score.value(), answer->results[1].score.value());
    if (recording.provider == "cohere") {  // the others' words become Cohere's
      EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderRerankAnswer(*answer)),
                           MeaningOf(recording.answer)),
                "");
      EXPECT_EQ(TheDialect().ReadBill(recording.answer, document)->usage.searches, 1);
    }
    ++answers;
  }
  EXPECT_EQ(requests, 1);
  EXPECT_EQ(answers, 4);
}

}  // namespace
}  // namespace signalbox::cohere
