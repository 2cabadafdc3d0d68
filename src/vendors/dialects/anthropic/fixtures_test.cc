// What Anthropic really sent and was sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include <random>

#include "io/net/sse.h"
#include "vendors/chat/assemble.h"
#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/stream_testing.h"
#include "vendors/dialects/testkit/recordings.h"
#include "vendors/dialects/wire/error_words.h"

namespace signalbox::anthropic {
namespace {

using testkit::Recording;

// Exchanges with other hosts and with the files API are not asked for; bodies and streams without
// an exchange are.
std::vector<Recording> LoadMessages() {
  std::vector<Recording> all = testkit::LoadRecordings(
      {.api = "messages", .provider = "anthropic", .endpoint = "/v1/messages"});
  for (const char* endpoint : {"/anthropic.claude", "/us.anthropic.claude"}) {
    for (Recording& recording :
         testkit::LoadRecordings({.api = "invoke", .provider = "bedrock", .endpoint = endpoint})) {
      recording.stream.clear();  // in Bedrock's binary frames
      all.push_back(std::move(recording));
    }
  }
  for (Recording& recording : testkit::LoadRecordings(
           {.api = "count-tokens", .provider = "anthropic", .endpoint = "/v1/messages"})) {
    all.push_back(std::move(recording));
  }
  return all;
}

class AnthropicFixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = LoadMessages();
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
};

bool IsCount(const Recording& recording) {
  return recording.url.find("count_tokens") != std::string::npos;
}

TEST_F(AnthropicFixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.request.empty() || !document.Parse(recording.request)) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const wire::Dialect& dialect = TheDialect();
    const auto request = dialect.ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = IsCount(recording) ? dialect.RenderCountRequest(*request)
                                             : dialect.RenderRequest(*request, {});
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(testkit::Difference(MeaningOf(std::string_view(rendered->body)),
                                  MeaningOf(document.Root())),
              "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_EQ(count, 62);
}

TEST_F(AnthropicFixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.answer.empty() || recording.status != 200 || !document.Parse(recording.answer) ||
        !document.Root().Find("content")) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto answer = TheDialect().ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    const std::string rendered = TheDialect().RenderAnswer(*answer);
    EXPECT_EQ(
        testkit::Difference(MeaningOf(std::string_view(rendered)), MeaningOf(document.Root())), "");
    json::Document scratch;
    const auto bill = TheDialect().ReadBill(recording.answer, scratch);
    ASSERT_TRUE(bill);
    EXPECT_EQ(*bill, TheDialect().BillOf(*answer->usage, answer->service_tier));
    EXPECT_TRUE(bill->usage.known());
    ++count;
  }
  EXPECT_EQ(count, 43);
}

TEST_F(AnthropicFixtures, CountsAreCounts) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    json::Document document;
    if (recording.status != 200 || !document.Parse(recording.answer) ||
        !document.Root().Find("input_tokens")) {
      continue;
    }
    const auto tokens = TheDialect().ParseCountAnswer(document.Root());
    ASSERT_TRUE(tokens);
    EXPECT_GT(*tokens, 0);
    const std::string rendered = TheDialect().RenderCountAnswer(*tokens);
    EXPECT_EQ(MeaningOf(std::string_view(rendered)).At("input_tokens").Text(),
              MeaningOf(document.Root()).At("input_tokens").Text());
    ++count;
  }
  EXPECT_EQ(count, 3);
}

TEST_F(AnthropicFixtures, ErrorsKeepTheirWords) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.status < 400) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    const auto error = TheDialect().ParseError(recording.answer);
    EXPECT_FALSE(error.message.empty());
    const core::Error ours = wire::ToError(recording.status, error);
    EXPECT_NE(ours.code, core::ErrorCode::kUpstreamFailed);
    const Meaning original = MeaningOf(std::string_view(recording.answer));
    const std::string rendered = TheDialect().RenderError({recording.status, ours, error});
    EXPECT_EQ(testkit::Difference(MeaningOf(std::string_view(rendered)).At("error"),
                                  original.At("error")),
              "");
    ++count;
  }
  EXPECT_EQ(count, 8);
}

// The frames of a recording, one list for each message in it.
std::vector<std::vector<std::string>> MessagesOf(const Recording& recording) {
  std::vector<std::vector<std::string>> messages;
  bool begun = false;
  for (const std::string& frame :
       recording.frames.empty() ? testkit::DataOf(recording.stream) : recording.frames) {
    const Meaning meaning = MeaningOf(std::string_view(frame));
    const std::string& type = meaning.At("type").scalar;
    if (!begun) {
      messages.emplace_back();
      begun = true;
    }
    messages.back().push_back(frame);
    begun = type != "message_stop";
  }
  return messages;
}

std::string StreamOf(const std::vector<std::string>& frames) {
  std::string stream;
  for (const std::string& frame : frames) {
    net::AppendSseEvent(stream, MeaningOf(std::string_view(frame)).At("type").scalar, frame);
  }
  return stream;
}

struct Outcome {
  std::string rendered;
  chat::Response answer;
  bool ended = false;
  bool failed = false;
};

// `cut`: how many bytes of what is left come next.
template <typename Cut>
Outcome Feed(std::string_view stream, Cut cut) {
  const auto parser = TheDialect().NewStreamParser();
  const auto renderer = TheDialect().NewStreamRenderer(true, {});
  chat::Assembler assembler;
  Outcome outcome;
  while (!stream.empty()) {
    const std::size_t size = cut(stream.size());
    parser->Feed(stream.substr(0, size));
    stream.remove_prefix(size);
    chat::EventBatch events;
    for (auto more = parser->Next(events); !more || *more; more = parser->Next(events)) {
      outcome.failed |= !more;
      assembler.Take(events);
      renderer->Render(events, outcome.rendered);
      events.clear();
    }
  }
  chat::EventBatch events;
  outcome.failed |= !parser->End(events).has_value() || !events.empty();
  outcome.ended = assembler.ended();
  outcome.answer = std::move(assembler).TakeAnswer();
  outcome.answer.dialect = kDialect;
  return outcome;
}

// One recording holds an upstream that began its message anew in the middle: both beginnings are
// one message with us, so the frames cannot be compared.
bool IsSpliced(const Recording& recording) {
  return recording.name.find("spliced-message-start") != std::string::npos;
}

TEST_F(AnthropicFixtures, StreamsKeepTheirMeaning) {
  int count = 0;
  std::mt19937 random(7);  // NOLINT: the same cuts in every run
  for (const Recording& recording : recordings_) {
    if (recording.status != 200 || (recording.frames.empty() && recording.stream.empty())) {
      continue;
    }
    for (const auto& frames : MessagesOf(recording)) {
      SCOPED_TRACE(recording.name);
      const std::string stream = StreamOf(frames);
      const Outcome outcome = Feed(stream, [](std::size_t left) { return left; });
      EXPECT_FALSE(outcome.failed);
      EXPECT_TRUE(outcome.ended);
      const Outcome again = Feed(
          stream, [&](std::size_t left) { return std::min<std::size_t>(left, 1 + random() % 60); });
      EXPECT_EQ(again.rendered, outcome.rendered);
      ++count;
      if (IsSpliced(recording)) {
        continue;
      }
      const Meaning original = MessageOfFrames::Of(frames);
      EXPECT_EQ(
          testkit::Difference(MessageOfFrames::Of(testkit::DataOf(outcome.rendered)), original),
          "");
      const std::string whole = TheDialect().RenderAnswer(outcome.answer);
      EXPECT_EQ(testkit::Difference(MeaningOf(std::string_view(whole)), original), "");
    }
  }
  EXPECT_EQ(count, 21);
}

}  // namespace
}  // namespace signalbox::anthropic
