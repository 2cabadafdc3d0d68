// What Ollama really sent, and was sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include <sstream>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/ollama_meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/recordings.h"

namespace signalbox::ollama {
namespace {

using testkit::Difference;
using testkit::Meaning;
using testkit::Recording;

const wire::Dialect& DialectFor(const Recording& recording) {
  return DialectOf(recording.url.ends_with("/api/generate") ? Form::kGenerate : Form::kChat);
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = testkit::LoadRecordings({.api = "native-chat", .provider = "ollama"});
    for (Recording& more :
         testkit::LoadRecordings({.api = "native-generate", .provider = "ollama"})) {
      recordings_.push_back(std::move(more));
    }
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
};

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = DialectFor(recording).ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = DialectFor(recording).RenderRequest(*request, {});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(Meaning::Of(rendered->body, kRules), Meaning::Of(document.Root(), kRules)),
              "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.answer.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = DialectFor(recording).ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(Meaning::Of(DialectFor(recording).RenderAnswer(*answer), kRules),
                         Meaning::Of(document.Root(), kRules)),
              "");
    json::Document scratch;
    const auto bill = DialectFor(recording).ReadBill(recording.answer, scratch);
    ASSERT_TRUE(bill.has_value());
    EXPECT_EQ(bill->usage, answer->usage->tokens);
    ++count;
  }
  EXPECT_EQ(count, 3);
}

std::vector<std::string> LinesOf(const std::string& stream) {
  std::vector<std::string> meanings;
  std::istringstream in(stream);
  for (std::string line; std::getline(in, line);) {
    meanings.push_back(Meaning::Of(line, kRules).Text());
  }
  return meanings;
}

std::vector<std::string_view> Cut(std::string_view text, std::uint32_t seed) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    seed = seed * 1664525U + 1013904223U;
    const std::size_t size = 1 + (seed >> 24U) % 90;
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(pieces.back().size());
  }
  return pieces;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningHoweverTheyAreCut) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const wire::Dialect& dialect = DialectFor(recording);
    const testkit::Streamed whole = testkit::RunStream(dialect, {recording.stream});
    EXPECT_EQ(LinesOf(whole.rendered), LinesOf(recording.stream));
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      const testkit::Streamed cut = testkit::RunStream(dialect, Cut(recording.stream, seed));
      ASSERT_EQ(cut.canonical, whole.canonical) << seed;
      ASSERT_EQ(LinesOf(cut.rendered), LinesOf(whole.rendered)) << seed;
    }
    ++count;
  }
  EXPECT_EQ(count, 2);
}

// A streamed answer put together says what a whole one would.
TEST_F(Fixtures, StreamsGatherIntoTheirText) {
  for (const Recording& recording : recordings_) {
    if (recording.stream.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto parser = DialectFor(recording).NewStreamParser();
    chat::Assembler assembler;
    parser->Feed(recording.stream);
    for (bool more = true; more;) {
      chat::EventBatch events;
      const auto next = parser->Next(events);
      ASSERT_TRUE(next);
      more = *next;
      assembler.Take(events);
    }
    chat::EventBatch last;
    ASSERT_TRUE(parser->End(last));
    assembler.Take(last);
    EXPECT_TRUE(assembler.ended());
    const chat::Response answer = std::move(assembler).TakeAnswer();
    ASSERT_EQ(answer.choices.size(), 1U);
    ASSERT_EQ(answer.choices[0].parts.size(), 1U);
    EXPECT_GT(std::get<chat::Text>(answer.choices[0].parts[0].content).text.size(), 100U);
    EXPECT_EQ(answer.choices[0].finish, chat::FinishReason::kStop);
    ASSERT_TRUE(answer.usage.has_value());
    EXPECT_GT(answer.usage->tokens.output, 40);
  }
}

}  // namespace
}  // namespace signalbox::ollama
