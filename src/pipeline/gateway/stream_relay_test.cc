#include "pipeline/gateway/stream_relay.h"

#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/dialect.h"

namespace signalbox::gateway {
namespace {

const std::string kDelta = R"(data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi"}}]})";
const std::string kUsage =
    R"(data: {"id":"c","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}})";
const std::string kDone = "data: [DONE]";
const std::string kError = R"(data: {"error":{"message":"overloaded","type":"server_error"}})";

// Lines are kept as views of the stream, so every piece lives in memory of exactly its own size.
struct Passed {
  explicit Passed(bool pass_usage) : relay(openai_chat::TheDialect(), pass_usage) {}

  void Take(std::string_view bytes) {
    const std::vector<char> memory(bytes.begin(), bytes.end());
    std::vector<std::string_view> pieces;
    relay.Take({memory.data(), memory.size()}, pieces);
    for (const std::string_view piece : pieces) {
      EXPECT_FALSE(piece.empty());
      text += piece;
    }
    if (relay.at_boundary() && !text.empty()) {
      EXPECT_TRUE(text.ends_with('\n') || text.ends_with('\r')) << text;
    }
  }

  StreamRelay relay;
  std::string text;
};

std::string Stream(std::initializer_list<std::string> events, std::string_view end) {
  std::string stream;
  for (const std::string& event : events) {
    stream += event;
    stream += end;
    stream += end;
  }
  return stream;
}

TEST(StreamRelay, PassesOnTheSameHoweverTheStreamIsCut) {
  for (const char* end : {"\n", "\r\n"}) {
    for (const bool pass_usage : {true, false}) {
      const std::string stream =
          Stream({": ping", "event: x\n" + kDelta, kDelta, kUsage, kDelta, kDone}, end);
      const std::string expected =
          pass_usage ? stream
                     : Stream({": ping", "event: x\n" + kDelta, kDelta, kDelta, kDone}, end);
      for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        Passed passed(pass_usage);
        for (std::size_t at = 0; at < stream.size(); at += piece) {
          EXPECT_FALSE(passed.relay.done());
          passed.Take(std::string_view(stream).substr(at, piece));
        }
        ASSERT_EQ(passed.text, expected) << "in pieces of " << piece;
        EXPECT_TRUE(passed.relay.done());
        EXPECT_FALSE(passed.relay.failed());
        EXPECT_EQ(passed.relay.bill().usage.input, 9);
        EXPECT_EQ(passed.relay.bill().usage.output, 4);
      }
    }
  }
}

TEST(StreamRelay, EveryPlaceToCutInTwoIsTheSame) {
  const std::string stream = Stream({kDelta, kUsage, kDelta, kDone}, "\r\n");
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Passed passed(false);
    passed.Take(stream.substr(0, cut));
    passed.Take(stream.substr(cut));
    ASSERT_EQ(passed.text, Stream({kDelta, kDelta, kDone}, "\r\n")) << cut;
    EXPECT_TRUE(passed.relay.done());
  }
}

TEST(StreamRelay, HoldsAnUnfinishedEventBack) {
  Passed passed(true);
  passed.Take(kDelta + "\n\ndata: {\"hal");
  EXPECT_EQ(passed.text, kDelta + "\n\n");
  EXPECT_TRUE(passed.relay.at_boundary());
  passed.Take("f\":1}\n\n");
  EXPECT_EQ(passed.text, kDelta + "\n\ndata: {\"half\":1}\n\n");
}

TEST(StreamRelay, AnEventTooLongToHoldIsPassedOnAsItComes) {
  const std::string event =
      R"(data: {"choices":[{"delta":{"content":")" + std::string(200'000, 'x') + "\"}}]}\n\n";
  const std::string stream = kDelta + "\n\n" + event + kDone + "\n\n";
  for (const std::size_t piece : {1000UL, 8192UL, 70'000UL, 150'001UL}) {
    Passed passed(false);
    bool was_inside = false;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      passed.Take(std::string_view(stream).substr(at, piece));
      was_inside |= !passed.relay.at_boundary();
      EXPECT_GE(passed.text.size() + 66'000 + piece, std::min(at + piece, stream.size()));
    }
    EXPECT_TRUE(was_inside);
    EXPECT_TRUE(passed.text == stream) << piece;
    EXPECT_TRUE(passed.relay.done());
    EXPECT_TRUE(passed.relay.at_boundary());
  }
}

TEST(StreamRelay, SeesAnErrorEventAndPassesItOn) {
  Passed passed(false);
  passed.Take(kDelta + "\n\n" + kError + "\n\n");
  EXPECT_TRUE(passed.relay.failed());
  EXPECT_FALSE(passed.relay.done());
  EXPECT_EQ(passed.text, kDelta + "\n\n" + kError + "\n\n");
}

// Usage that comes with choices is part of the answer, not an extra.
TEST(StreamRelay, UsageInAFrameWithChoicesIsReadAndPassedOn) {
  const std::string frame =
      R"(data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}})";
  Passed passed(false);
  passed.Take(frame + "\n\n");
  EXPECT_EQ(passed.text, frame + "\n\n");
  EXPECT_EQ(passed.relay.bill().usage.output, 2);
}

}  // namespace
}  // namespace signalbox::gateway
