// What Bedrock really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "vendors/chat/assemble.h"
#include "vendors/chat/dump.h"
#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/meaning_testing.h"
#include "vendors/dialects/bedrock/thoughts.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/exchanges.h"

namespace signalbox::bedrock {
namespace {

using testkit::Difference;
using testkit::Meaning;
using testkit::Recording;

Meaning MeaningOf(std::string_view text) {
  return Meaning::Of(text, kRules);
}

// A stream as it came, or its frames framed again.
std::string FramesFrom(const Recording& recording) {
  std::string bytes = recording.stream;
  for (const std::string& frame : recording.frames) {  // {"<kind>":{…}} a line
    json::Document document;
    EXPECT_TRUE(document.Parse(frame)) << frame;
    const auto key = document.Root().FirstChild();
    net::AppendEventStreamEvent(bytes, *key->AsString(), key->NextIn(document.Root())->Raw());
  }
  return bytes;
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = testkit::LoadRecordings({.api = "converse", .provider = "bedrock"});
    for (Recording& counted :
         testkit::LoadRecordings({.api = "count-tokens", .provider = "bedrock"})) {
      counts_.push_back(std::move(counted));
    }
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
  std::vector<Recording> counts_;
};

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (!recording.request.empty()) {
      testkit::CheckRequest(TheDialect(), recording, kRules);
      ++count;
    }
  }
  EXPECT_EQ(count, 8);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.answer.empty() || recording.status != 200) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = TheDialect().ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(
        Difference(MeaningOf(TheDialect().RenderAnswer(*answer)), MeaningOf(recording.answer)), "");
    if (answer->usage) {
      const chat::Usage& tokens = answer->usage->tokens;
      EXPECT_EQ(tokens.input + tokens.output, answer->usage->total);
    }
    ++count;
  }
  EXPECT_EQ(count, 9);
}

chat::Response Assemble(std::string_view bytes, std::size_t piece, bool& ended) {
  chat::Assembler assembler;
  const auto parser = TheDialect().NewStreamParser();
  chat::EventBatch events;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    parser->Feed(bytes.substr(at, piece));
    while (parser->Next(events).value_or(false)) {
    }
  }
  EXPECT_TRUE(parser->End(events));
  assembler.Take(events);
  ended = assembler.ended();
  return std::move(assembler).TakeAnswer();
}

// What a frame says: block numbers count from 0, and a block's end that only we say is left out.
std::multiset<std::string> MeaningsOf(std::string_view bytes) {
  std::multiset<std::string> meanings;
  std::istringstream lines(LinesOf(bytes));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("contentBlockStop")) {
      meanings.insert(line);
    }
  }
  return meanings;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningFrameByFrame) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    const std::string bytes = FramesFrom(recording);
    if (bytes.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const testkit::Streamed whole = testkit::RunStream(TheDialect(), {bytes});
    auto theirs = MeaningsOf(bytes);
    if (!recording.frames.empty()) {
      theirs.insert("messageStart {\"role\":\"assistant\"}");  // some were cut off by the recorder
    }
    EXPECT_EQ(MeaningsOf(whole.rendered), theirs);
    bool ended = false;
    const chat::Response answer = Assemble(bytes, bytes.size(), ended);
    EXPECT_TRUE(ended);
    bool again = false;
    EXPECT_EQ(chat::Dump(Assemble(whole.rendered, 1000, again)), chat::Dump(answer));
    ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST_F(Fixtures, StreamsMeanTheSameHoweverTheyAreCut) {
  std::minstd_rand random(7);
  for (const Recording& recording : recordings_) {
    const std::string bytes = FramesFrom(recording);
    SCOPED_TRACE(recording.name);
    const std::string whole = testkit::RunStream(TheDialect(), {bytes}).canonical;
    for (int round = 0; round < 20; ++round) {
      std::vector<std::string_view> pieces;
      for (std::string_view rest = bytes; !rest.empty();) {
        pieces.push_back(rest.substr(0, 1 + random() % 300));
        rest.remove_prefix(pieces.back().size());
      }
      EXPECT_EQ(testkit::RunStream(TheDialect(), pieces).canonical, whole);
    }
  }
}

TEST_F(Fixtures, FramesAreWrittenAsAwsWritesThem) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    net::EventStreamReader reader;
    net::EventStreamMessage message;
    reader.Feed(recording.stream);
    std::string written;
    while (reader.Next(message).value_or(false)) {
      net::AppendEventStreamEvent(written, message.event_type(), message.payload);
    }
    EXPECT_TRUE(written == recording.stream) << recording.name;
    count += recording.stream.empty() ? 0 : 1;
  }
  EXPECT_EQ(count, 2);
}

TEST_F(Fixtures, CountsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : counts_) {
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = TheDialect().ParseCountRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = TheDialect().RenderCountRequest(*request);
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    json::Document answer;
    ASSERT_TRUE(answer.Parse(recording.answer));
    const auto tokens = TheDialect().ParseCountAnswer(answer.Root());
    EXPECT_EQ(tokens.has_value(), recording.status == 200);
    if (tokens) {
      EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderCountAnswer(*tokens)),
                           MeaningOf(recording.answer)),
                "");
    }
    ++count;
  }
  EXPECT_EQ(count, 4);
}

TEST_F(Fixtures, ErrorsKeepTheirWords) {
  int count = 0;
  std::vector<Recording> all = recordings_;
  all.insert(all.end(), counts_.begin(), counts_.end());
  for (const Recording& recording : all) {
    if (recording.status >= 400) {
      SCOPED_TRACE(recording.name);
      const auto error = TheDialect().ParseError(recording.answer);
      EXPECT_EQ(MeaningOf(recording.answer).At("message").scalar, error.message);
      EXPECT_FALSE(error.message.empty());
      ++count;
    }
  }
  EXPECT_EQ(count, 2);
}

TEST(EmbeddingsFixtures, KeepTheirMeaning) {
  const auto recordings = testkit::LoadRecordings({.api = "embeddings", .provider = "bedrock"});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  for (const Recording& recording : recordings) {
    SCOPED_TRACE(recording.name);
    json::Document request;
    json::Document answer;
    ASSERT_TRUE(request.Parse(recording.request) && answer.Parse(recording.answer));
    const auto parsed = TheDialect().ParseEmbeddingsRequest(request.Root());
    ASSERT_TRUE(parsed) << parsed.error().message;
    const auto rendered = TheDialect().RenderEmbeddingsRequest(*parsed);
    ASSERT_TRUE(rendered);
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    const auto vectors = TheDialect().ParseEmbeddingsAnswer(answer.Root());
    ASSERT_TRUE(vectors) << vectors.error().message;
    EXPECT_EQ(vectors->data.size(), 1U);
    EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderEmbeddingsAnswer(*vectors)),
                         MeaningOf(recording.answer)),
              "");
  }
  EXPECT_EQ(recordings.size(), 3U);
}

TEST(BrokenFixture, IsAnErrorAndNoAnswer) {
  const auto recordings = testkit::LoadRecordings({.api = "misc", .provider = "edge-cases"});
  int count = 0;
  for (const Recording& recording : recordings) {
    if (!recording.name.ends_with("broken.eventstream.bin")) {
      continue;
    }
    const auto outcome = testkit::RunStream(TheDialect(), {recording.stream});
    EXPECT_EQ(outcome.canonical, ": the stream is no event stream\n");
    EXPECT_EQ(outcome.rendered, "");
    ++count;
  }
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  EXPECT_EQ(count, 1);
}

// The text of a member of this name somewhere in `value`.
void Collect(const json::Value& value, std::string_view name, std::set<std::string>& out) {
  if (value.IsObject()) {
    json::ForEachMember(value, [&](const json::Value& key, const json::Value& member) {
      if (key.AsString() == name && member.IsString() && member.Raw().size() > 60) {
        out.insert(*member.AsString());
      }
      Collect(member, name, out);
    });
  } else if (value.IsArray()) {
    json::ForEachElement(value, [&](const json::Value& element) { Collect(element, name, out); });
  }
}

std::set<std::string> Seals(std::string_view provider, std::string_view name) {
  std::set<std::string> seals;
  for (const Recording& recording : testkit::LoadRecordings({.provider = provider})) {
    for (const std::string& text : {recording.request, recording.answer}) {
      json::Document document;
      if (document.Parse(text, {.unique_keys = false})) {
        Collect(document.Root(), name, seals);
      }
    }
  }
  return seals;
}

TEST(Signatures, ClaudesAreKnownFromOthers) {
  const auto claudes = Seals("anthropic", "signature");
  const auto googles = Seals("gemini", "thoughtSignature");
  const auto openais = Seals("openai", "encrypted_content");
  if (claudes.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  EXPECT_GT(claudes.size(), 3U);
  EXPECT_GT(googles.size(), 3U);
  EXPECT_GT(openais.size(), 3U);
  for (const std::string& seal : claudes) {
    EXPECT_TRUE(IsMadeByClaude(seal)) << seal.substr(0, 40);
  }
  for (const auto& others : {googles, openais}) {
    for (const std::string& seal : others) {
      EXPECT_FALSE(IsMadeByClaude(seal)) << seal.substr(0, 40);
    }
  }
}

}  // namespace
}  // namespace signalbox::bedrock
