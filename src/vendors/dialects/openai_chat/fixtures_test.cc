// What vendors really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include "io/net/sse.h"
#include "vendors/dialects/openai_chat/chat_meaning_testing.h"
#include "vendors/dialects/openai_chat/errors.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/stream_parser.h"
#include "vendors/dialects/openai_chat/stream_renderer.h"
#include "vendors/dialects/testkit/recordings.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::openai_chat {
namespace {

using testkit::Recording;

// Cohere's compatible form is looked at by its own dialect.
std::vector<Recording> LoadChatRecordings() {
  std::vector<Recording> all =
      testkit::LoadRecordings({.api = "chat", .endpoint = "chat/completions"});
  std::erase_if(all, [](const Recording& recording) { return recording.provider == "cohere"; });
  return all;
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = LoadChatRecordings();
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
};

// The normalisations of usage, the only ones beside those of meaning.h:
// - a sum that leaves reasoning out counts it (xAI);
// - cached tokens stated elsewhere are stated in prompt_tokens_details too;
// - usage that is only in x_groq is in usage too.
void NormaliseUsage(Meaning& root, const chat::Usage& usage) {
  if (!usage.known()) {
    return;
  }
  if (!root.Has("usage")) {
    root.members["usage"] = root.At("x_groq").At("usage");
  }
  Meaning& stated = root.members["usage"];
  const auto number = [](std::int64_t count) {
    return Meaning{json::Kind::kNumber, std::to_string(count), {}, {}};
  };
  stated.members["completion_tokens"] = number(usage.output);
  if (usage.cached >= 0) {
    Meaning& details = stated.members["prompt_tokens_details"];
    details.kind = json::Kind::kObject;
    details.members["cached_tokens"] = number(usage.cached);
  }
}

Meaning WithUsage(std::string_view text) {
  json::Document document;
  EXPECT_TRUE(document.Parse(text)) << text;
  Meaning meaning = MeaningOf(document.Root());
  NormaliseUsage(meaning, ReadBill(document.Root()).usage);
  return meaning;
}

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.request.empty() || !document.Parse(recording.request)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    EXPECT_TRUE(ReadEnvelope(document, chat::Operation::kChat));
    const auto request = ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = RenderRequest(*request);
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(document.Root())), "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_GT(count, 100);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.answer.empty() || recording.status != 200 || !document.Parse(recording.answer) ||
        !document.Root().Find("choices")) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto answer = ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(MeaningOf(RenderAnswer(*answer)), WithUsage(recording.answer)), "");
    EXPECT_EQ(answer->usage.value_or(chat::UsageReport{}).tokens, ReadBill(document.Root()).usage);
    ++count;
  }
  EXPECT_GT(count, 80);
}

// The data of the events in `stream`.
std::vector<std::string> DataOf(std::string_view stream) {
  std::vector<std::string> frames;
  net::SseReader reader;
  reader.Feed(stream);
  for (net::SseEvent event; reader.Next(event);) {
    frames.emplace_back(event.data);
  }
  return frames;
}

// A stream's meaning is that of its frames. Frames and choices that say nothing are left out.
std::vector<std::string> FramesOf(const Recording& recording) {
  return recording.frames.empty() ? DataOf(recording.stream) : recording.frames;
}

// Compared for the stream as a whole.
bool IsHead(const std::string& key) {
  return key == "id" || key == "object" || key == "created" || key == "model" ||
         key == "service_tier" || key == "system_fingerprint";
}

bool IsSilent(const Meaning& choice) {
  return choice.members.size() <= 2 && choice.At("delta").members.empty() &&
         choice.At("finish_reason").scalar.empty();
}

// What the frame says, in none, one or two frames: an error beside choices (OpenRouter) comes after
// them.
std::vector<std::string> FrameMeanings(const std::string& frame) {
  if (frame == "[DONE]") {
    return {frame};
  }
  Meaning meaning = WithUsage(frame);
  std::vector<std::string> meanings;
  Meaning error{json::Kind::kObject, {}, {}, {}};
  if (meaning.Has("error")) {
    error.members["error"] = meaning.At("error");
    meaning.members.erase("error");
  }
  Meaning& choices = meaning.members["choices"];
  choices.kind = json::Kind::kArray;
  std::erase_if(choices.items, IsSilent);
  std::erase_if(meaning.members, [](const auto& member) { return IsHead(member.first); });
  if (!choices.items.empty() || meaning.members.size() > 1) {
    meanings.push_back(meaning.Text());
  }
  if (!error.members.empty()) {
    meanings.push_back(error.Text());
  }
  return meanings;
}

void ExpectSameHead(const std::string& rendered, const std::string& frame) {
  const Meaning ours = MeaningOf(rendered);
  const Meaning theirs = MeaningOf(frame);
  for (const char* key : {"id", "created", "model", "service_tier", "system_fingerprint"}) {
    if (ours.Has("choices")) {
      EXPECT_EQ(ours.At(key).Text(), theirs.At(key).Text()) << key;
    }
  }
}

TEST_F(Fixtures, StreamsKeepTheirMeaningFrameByFrame) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    const auto frames = FramesOf(recording);
    if (frames.empty() || recording.status != 200) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    StreamParser parser;
    StreamRenderer renderer(true, {});
    StreamObserver observer;
    for (const std::string& frame : frames) {
      SCOPED_TRACE(frame);
      chat::EventBatch events;
      ASSERT_TRUE(parser.Parse("", frame, events));
      std::string rendered;
      renderer.Render(events, rendered);
      std::vector<std::string> meanings;
      for (const std::string& text : DataOf(rendered)) {
        const auto meaning = FrameMeanings(text);
        meanings.insert(meanings.end(), meaning.begin(), meaning.end());
        ExpectSameHead(text, frame);
      }
      EXPECT_EQ(meanings, FrameMeanings(frame));
      const FrameFacts facts = observer.Observe(frame);
      EXPECT_EQ(facts.done, frame == "[DONE]");
      EXPECT_EQ(facts.error, frame.find(R"("error":)") != std::string::npos);
      ++count;
    }
  }
  EXPECT_GT(count, 2500);
}

TEST_F(Fixtures, ErrorsKeepTheirWords) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.status < 400) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto error = ParseErrorBody(recording.answer);
    EXPECT_FALSE(error.message.empty());
    const Meaning original = MeaningOf(recording.answer);
    if (original.kind == json::Kind::kObject && original.Has("error")) {
      EXPECT_EQ(Difference(MeaningOf(RenderVendorError(error)), original), "");
    }
    EXPECT_NE(wire::ToError(recording.status, error).code, core::ErrorCode::kUpstreamFailed);
    ++count;
  }
  EXPECT_GT(count, 8);
}

TEST(EmbeddingsFixtures, KeepTheirMeaning) {
  const auto recordings =
      testkit::LoadRecordings({.api = "embeddings", .endpoint = "/v1/embeddings"});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  int count = 0;
  for (const Recording& recording : recordings) {
    json::Document request;
    json::Document answer;
    if (recording.status != 200 || !request.Parse(recording.request) ||
        !answer.Parse(recording.answer) || !answer.Root().Find("data")) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    EXPECT_TRUE(ReadEnvelope(request, chat::Operation::kEmbeddings));
    const auto parsed = ParseEmbeddingsRequest(request.Root());
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(
        Difference(MeaningOf(RenderEmbeddingsRequest(*parsed)->body), MeaningOf(request.Root())),
        "");
    const auto vectors = ParseEmbeddingsAnswer(answer.Root());
    ASSERT_TRUE(vectors) << vectors.error().message;
    EXPECT_EQ(Difference(MeaningOf(RenderEmbeddingsAnswer(*vectors)), MeaningOf(answer.Root())),
              "");
    ++count;
  }
  EXPECT_GT(count, 5);
}

}  // namespace
}  // namespace signalbox::openai_chat
