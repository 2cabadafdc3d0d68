// Real exchanges with the Gemini API and Vertex AI keep their meaning through the canonical form.
// Recordings of the Interactions API and of Google's OpenAI form are other dialects', not looked
// at here (README.md).
#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/exchanges.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::gemini {
namespace {

using testkit::Difference;
using testkit::Recording;

const wire::Dialect& Of(const Recording& recording) {
  return recording.provider == "vertex" ? Vertex() : TheDialect();
}

bool Asks(const Recording& recording, std::string_view method) {
  return recording.url.find(method) != std::string::npos;
}

class GeminiFixtures : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* provider : {"gemini", "vertex"}) {
      auto some =
          testkit::LoadRecordings({.api = "generate", .provider = provider, .endpoint = ""});
      std::ranges::move(some, std::back_inserter(recordings_));
    }
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
    std::erase_if(recordings_, [](const Recording& r) { return Asks(r, "/cachedContents"); });
  }
  std::vector<Recording> recordings_;
};

TEST_F(GeminiFixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (!Asks(recording, "enerateContent") || !document.Parse(recording.request)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    EXPECT_TRUE(Of(recording).ReadEnvelope(document, chat::Operation::kChat));
    auto request = Of(recording).ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    request->model = recording.url.substr(recording.url.find("models/"));
    request->model.resize(request->model.find(':'));
    const auto rendered = Of(recording).RenderRequest(*request, {});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_EQ(count, 47);
}

TEST_F(GeminiFixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.answer.empty() || recording.status != 200 || !document.Parse(recording.answer)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto answer = Of(recording).ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(
        Difference(MeaningOf(Of(recording).RenderAnswer(*answer)), MeaningOf(recording.answer)),
        "");
    const chat::Usage& tokens = answer->usage.value_or(chat::UsageReport{}).tokens;
    if (tokens.output >= 0) {
      EXPECT_EQ(tokens.input + tokens.output, answer->usage->total);
    }
    json::Document again;
    EXPECT_EQ(Of(recording).ReadBill(recording.answer, again)->usage, tokens);
    ++count;
  }
  EXPECT_EQ(count, 28);
}

std::vector<std::string> FramesOf(const Recording& recording) {
  return recording.frames.empty() ? testkit::DataOf(recording.stream) : recording.frames;
}

std::string WireOf(const Recording& recording) {
  std::string wire;
  for (const std::string& frame : FramesOf(recording)) {
    wire.append("data: ").append(frame).append("\r\n\r\n");
  }
  return wire;
}

bool InPieces(const std::string& frame) {
  return frame.find("partialArgs") != std::string::npos ||
         frame.find("willContinue") != std::string::npos;
}

// Frame by frame; arguments in pieces become whole, so those streams are compared put together.
TEST_F(GeminiFixtures, StreamsKeepTheirMeaningFrameByFrame) {
  int count = 0;
  int joined = 0;
  for (const Recording& recording : recordings_) {
    const std::vector<std::string> frames = FramesOf(recording);
    if (frames.empty() || recording.status != 200) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    if (std::ranges::any_of(frames, InPieces)) {
      ++joined;
      continue;
    }
    const auto parser = Of(recording).NewStreamParser();
    const auto renderer = Of(recording).NewStreamRenderer(true, {});
    for (const std::string& frame : frames) {
      const std::string bytes = "data: " + frame + "\r\n\r\n";
      chat::EventBatch events;
      parser->Feed(bytes);
      ASSERT_TRUE(parser->Next(events).value_or(false));
      std::string rendered;
      renderer->Render(events, rendered);
      ASSERT_TRUE(rendered.starts_with("data: ") && rendered.ends_with("}\r\n\r\n")) << rendered;
      EXPECT_EQ(Difference(MeaningOf(rendered.substr(6)), MeaningOf(frame)), "");
      ++count;
    }
  }
  EXPECT_EQ(count, 40);
  EXPECT_EQ(joined, 1);
}

struct Told {
  chat::Response answer;
  bool ended = false;
};

Told Gather(const wire::Dialect& dialect, const std::vector<std::string_view>& pieces) {
  const auto parser = dialect.NewStreamParser();
  chat::Assembler assembler;
  for (const std::string_view piece : pieces) {
    parser->Feed(piece);
    chat::EventBatch events;
    while (parser->Next(events).value_or(false)) {
      assembler.Take(events);
      events.clear();
    }
  }
  chat::EventBatch events;
  EXPECT_TRUE(parser->End(events));
  assembler.Take(events);
  const bool ended = assembler.ended();
  return {std::move(assembler).TakeAnswer(), ended};
}

TEST_F(GeminiFixtures, StreamsMeanTheSameInPiecesAndRenderedAgain) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    const std::string wire = WireOf(recording);
    if (wire.empty() || recording.status != 200) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const wire::Dialect& dialect = Of(recording);
    const Told whole = Gather(dialect, {wire});
    EXPECT_TRUE(whole.ended);
    EXPECT_NE(whole.answer.choices.at(0).finish, chat::FinishReason::kUnset);
    const std::string meant = dialect.RenderAnswer(whole.answer);
    const auto pieces = testkit::CutAtRandom(wire, 7, 40);
    EXPECT_EQ(dialect.RenderAnswer(Gather(dialect, pieces).answer), meant);
    const std::string again = testkit::RunStream(dialect, {wire}).rendered;
    EXPECT_EQ(dialect.RenderAnswer(Gather(dialect, {again}).answer), meant);
    ++count;
  }
  EXPECT_EQ(count, 19);
}

TEST_F(GeminiFixtures, ErrorsKeepTheirWords) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.status < 400) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    wire::ErrorAnswer answer{.status = recording.status,
                             .error = {},
                             .vendor = Of(recording).ParseError(recording.answer)};
    answer.error = wire::ToError(recording.status, answer.vendor);
    EXPECT_FALSE(answer.vendor.message.empty());
    EXPECT_EQ(Difference(MeaningOf(Of(recording).RenderError(answer)), MeaningOf(recording.answer)),
              "");
    ++count;
  }
  EXPECT_EQ(count, 3);
}

TEST(GeminiEmbeddingFixtures, KeepTheirMeaning) {
  int requests = 0;
  int answers = 0;
  for (const char* provider : {"gemini", "vertex"}) {
    for (const Recording& recording :
         testkit::LoadRecordings({.api = "embeddings", .provider = provider, .endpoint = ""})) {
      SCOPED_TRACE(recording.name);
      json::Document document;
      if (document.Parse(recording.request)) {
        const auto request = Of(recording).ParseEmbeddingsRequest(document.Root());
        ASSERT_TRUE(request) << request.error().message;
        const auto rendered = Of(recording).RenderEmbeddingsRequest(*request);
        EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(recording.request)), "");
        ++requests;
      }
      if (recording.status == 200 && document.Parse(recording.answer)) {
        const auto answer = Of(recording).ParseEmbeddingsAnswer(document.Root());
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_EQ(Difference(MeaningOf(Of(recording).RenderEmbeddingsAnswer(*answer)),
                             MeaningOf(recording.answer)),
                  "");
        EXPECT_EQ(answer->usage->tokens.input, 11);
        ++answers;
      }
    }
  }
  if (requests + answers == 0) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  EXPECT_EQ(requests, 1);
  EXPECT_EQ(answers, 1);
}

TEST(GeminiCountFixtures, KeepTheirMeaning) {
  const auto recordings =
      testkit::LoadRecordings({.api = "count-tokens", .provider = "gemini", .endpoint = ""});
  if (recordings.empty()) {
    GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
  }
  for (const Recording& recording : recordings) {
    SCOPED_TRACE(recording.name);
    json::Document request;
    json::Document answer;
    ASSERT_TRUE(request.Parse(recording.request) && answer.Parse(recording.answer));
    const auto parsed = TheDialect().ParseCountRequest(request.Root());
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(Difference(MeaningOf(TheDialect().RenderCountRequest(*parsed)->body),
                         MeaningOf(recording.request)),
              "");
    const std::int64_t tokens = TheDialect().ParseCountAnswer(answer.Root()).value_or(-1);
    EXPECT_EQ(tokens, answer.Root().Find("totalTokens")->AsInt());
  }
  EXPECT_EQ(recordings.size(), 2U);
}

}  // namespace
}  // namespace signalbox::gemini
