// What vendors really sent, in and out again without a change of meaning.
#include <gtest/gtest.h>

#include <random>

#include "io/net/sse.h"
#include "vendors/chat/assemble.h"
#include "vendors/dialects/openai_responses/answer.h"
#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/errors.h"
#include "vendors/dialects/openai_responses/parse_request.h"
#include "vendors/dialects/openai_responses/render_request.h"
#include "vendors/dialects/openai_responses/responses_meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/testkit/recordings.h"

namespace signalbox::openai_responses {
namespace {

using testkit::Recording;

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    recordings_ = testkit::LoadRecordings({.api = "responses", .endpoint = "/responses"});
    if (recordings_.empty()) {
      GTEST_SKIP() << "skipped: no recordings in ../shared/fixtures";
    }
  }
  std::vector<Recording> recordings_;
};

TEST_F(Fixtures, RequestsKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.request.empty()) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.request));
    const auto request = ParseRequest(document.Root());
    ASSERT_TRUE(request) << request.error().message;
    const auto rendered = RenderRequest(*request);
    ASSERT_TRUE(rendered) << rendered.error().message;
    EXPECT_EQ(Difference(MeaningOf(rendered->body), MeaningOf(document.Root())), "");
    EXPECT_TRUE(rendered->dropped.empty());
    ++count;
  }
  EXPECT_EQ(count, 46);
}

TEST_F(Fixtures, WholeAnswersKeepTheirMeaning) {
  int count = 0;
  for (const Recording& recording : recordings_) {
    if (recording.answer.empty() || recording.status != 200) {
      continue;
    }
    SCOPED_TRACE(recording.name);
    json::Document document;
    ASSERT_TRUE(document.Parse(recording.answer));
    const auto answer = ParseAnswer(document.Root());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(Difference(MeaningOf(RenderAnswer(*answer)), MeaningOf(document.Root())), "");
    json::Document scratch;
    const auto bill = TheDialect().ReadBill(recording.answer, scratch);
    ASSERT_TRUE(bill);
    EXPECT_EQ(bill->usage, answer->usage.value_or(chat::UsageReport{}).tokens);
    ++count;
  }
  EXPECT_EQ(count, 45);
}

std::vector<std::string> FramesOf(const std::string& stream) {
  std::vector<std::string> frames;
  net::SseReader reader;
  reader.Feed(stream);
  net::SseEvent event;
  while (reader.Next(event) || reader.Finish(event)) {
    if (!event.data.starts_with("[DONE]")) {
      frames.emplace_back(event.data);
    }
  }
  return frames;
}

struct Stream {
  std::string name;
  std::string text;
};

// A file whose framing was taken off may hold several streams, one after the other.
std::vector<Stream> StreamsOf(const std::vector<Recording>& recordings) {
  std::vector<Stream> streams;
  for (const Recording& recording : recordings) {
    if (!recording.stream.empty() && recording.status == 200) {
      streams.push_back({recording.name, recording.stream});
    }
    for (const std::string& frame : recording.frames) {
      if (frame.find(R"("type":"response.created")") != std::string::npos) {
        streams.push_back({recording.name, {}});
      }
      net::AppendSseEvent(streams.back().text, {}, frame);
    }
  }
  return streams;
}

// Their deltas say less than their wholes; what is missing is told by deltas of ours. Of the first
// the publisher has cut some; LM Studio's calls have none.
bool SaysMoreInTheEnd(const Stream& stream) {
  return stream.name == "openai/responses.cache-stream.phase.1.chunks.txt" ||
         stream.name ==
             "open-responses/"
             "responses.tools-reasoning-cache-stream.lmstudio-tool-call.2.chunks.txt";
}

// What every stream of ours says beside what the vendor did. Without numbers and padding.
struct Told {
  std::vector<std::string> events;
  Meaning final;
};

bool IsFraming(const std::string& type) {
  return type == "response.content_part.added" || type == "response.content_part.done" ||
         type == "response.output_text.done" || type == "response.function_call_arguments.done";
}

// Some vendors leave out the events of IsFraming, ours never does; an empty delta says nothing.
// What OpenAI seals is sealed anew each time that it is told.
void Unseal(Meaning& response) {
  for (Meaning& item : response.members["output"].items) {
    item.members.erase("encrypted_content");
    item.members.erase("fingerprint");
  }
}

Told TellOf(const std::vector<std::string>& frames) {
  Told told;
  for (const std::string& frame : frames) {
    Meaning meaning = MeaningOf(frame);
    const std::string type = meaning.At("type").scalar;
    for (const char* key : {"sequence_number", "obfuscation", "logprobs", "name"}) {
      meaning.members.erase(key);
    }
    if (meaning.Has("response")) {
      told.final = meaning.At("response");
      Unseal(told.final);
    }
    const bool empty = type.ends_with(".delta") && meaning.At("delta").scalar.empty();
    const bool ends = type == "response.completed" || type == "response.incomplete";
    if (!IsFraming(type) && !empty && !ends) {
      told.events.push_back(meaning.Text());
    }
  }
  return told;
}

TEST_F(Fixtures, StreamsKeepTheirMeaningFrameByFrame) {
  int count = 0;
  for (const Stream& recorded : StreamsOf(recordings_)) {
    const std::string& stream = recorded.text;
    SCOPED_TRACE(recorded.name);
    const auto streamed = testkit::RunStream(TheDialect(), {stream});
    const Told theirs = TellOf(FramesOf(stream));
    const Told ours = TellOf(FramesOf(streamed.rendered));
    EXPECT_EQ(Difference(ours.final, theirs.final), "");
    ++count;
    if (SaysMoreInTheEnd(recorded)) {
      continue;
    }
    for (std::size_t i = 0; i < std::min(ours.events.size(), theirs.events.size()); ++i) {
      ASSERT_EQ(ours.events[i], theirs.events[i]) << i;
    }
    EXPECT_EQ(ours.events.size(), theirs.events.size());
  }
  EXPECT_EQ(count, 27);
}

// The last frame holds the whole answer: the events say the same.
TEST_F(Fixtures, StreamsAddUpToTheirOwnWhole) {
  int count = 0;
  for (const Stream& recorded : StreamsOf(recordings_)) {
    const std::string& stream = recorded.text;
    SCOPED_TRACE(recorded.name);
    const Meaning whole = TellOf(FramesOf(stream)).final;
    const auto parser = TheDialect().NewStreamParser();
    parser->Feed(stream);
    chat::Assembler assembler;
    chat::EventBatch events;
    while (*parser->Next(events)) {
    }
    EXPECT_TRUE(parser->End(events));
    assembler.Take(events);
    EXPECT_TRUE(assembler.ended());
    EXPECT_FALSE(assembler.error());
    chat::Response answer = std::move(assembler).TakeAnswer();
    answer.dialect = kDialect;
    Meaning told = MeaningOf(RenderAnswer(answer));
    Unseal(told);
    EXPECT_EQ(Difference(told, whole), "");
    ++count;
  }
  EXPECT_EQ(count, 27);
}

TEST_F(Fixtures, StreamsMeanTheSameHoweverTheyAreCut) {
  std::mt19937 random(7);
  int count = 0;
  for (const Stream& recorded : StreamsOf(recordings_)) {
    const std::string& stream = recorded.text;
    SCOPED_TRACE(recorded.name);
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < stream.size();) {
      const std::size_t size = 1 + random() % 400;
      pieces.push_back(std::string_view(stream).substr(at, size));
      at += size;
    }
    const auto cut = testkit::RunStream(TheDialect(), pieces);
    const auto whole = testkit::RunStream(TheDialect(), {stream});
    EXPECT_EQ(cut.canonical, whole.canonical);
    EXPECT_EQ(cut.rendered, whole.rendered);
    ++count;
  }
  EXPECT_EQ(count, 27);
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
    const wire::ErrorAnswer answer{.status = recording.status, .error = {}, .vendor = error};
    EXPECT_EQ(Difference(MeaningOf(RenderErrorBody(answer)), MeaningOf(recording.answer)), "");
    ++count;
  }
  EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace signalbox::openai_responses
