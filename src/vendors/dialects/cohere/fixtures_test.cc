// What Cohere really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include <random>

#include "io/net/sse.h"
#include "vendors/chat/assemble.h"
#include "vendors/chat/dump.h"
#include "vendors/dialects/cohere/cohere_meaning_testing.h"
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/recordings.h"

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
    json::Document document;
    if (recording.request.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = TheDialect().ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = TheDialect().RenderRequest(*request, {});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_EQ(count, 7);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : chats_) {
    json::Document document;
    if (recording.answer.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(
        Difference(MeaningOf(TheDialect().RenderAnswer(*answer)), MeaningOf(recording.answer)), "");
    ++count;
  }
  EXPECT_EQ(count, 7);
}

// The frames of a stream: what was recorded without its framing gets it back.
std::string StreamOf(const Recording& recording) {
  std::string stream = recording.stream;
  for (const std::string& frame : recording.frames) {
    net::AppendSseEvent(stream, {}, frame);
  }
  return stream;
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
  net::SseReader reader;
  reader.Feed(stream);
  for (net::SseEvent event; reader.Next(event);) {
    const Meaning meaning = Meaning::Of(event.data, {SaysNothing, nullptr});
    if (event.data != "[DONE]" && meaning.Text().find(R"("arguments":"{}")") == std::string::npos) {
      frames.push_back(meaning.Text());
    }
  }
  return frames;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningHoweverTheyAreCut) {
  std::mt19937 random(7);
  int count = 0;
  for (const Recording& recording : chats_) {
    const std::string stream = StreamOf(recording);
    if (stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto whole = testkit::RunStream(TheDialect(), {stream});
    EXPECT_EQ(FramesOf(whole.rendered), FramesOf(stream));
    EXPECT_EQ(Difference(Assembled({whole.rendered}), Assembled({stream})), "");
    for (int round = 0; round < 20; ++round) {
      std::vector<std::string_view> pieces;
      for (std::size_t at = 0; at < stream.size();) {
        const std::size_t size = 1 + random() % 200;
        pieces.push_back(std::string_view(stream).substr(at, size));
        at += size;
      }
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
