#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "histogram.h"
#include "message_reader.h"
#include "prompt.h"
#include "requests.h"
#include "sse_counter.h"
#include "upstream_answers.h"

namespace signalbox::bench {
namespace {

struct Collector : SseCounter::Sink {
  void OnFrame(Nanos stamp) override { stamps.push_back(stamp); }
  std::vector<Nanos> stamps;
};

// Feeds `bytes` in two parts, cut at `cut`, and returns the decoded body.
std::string ReadInTwo(MessageReader& reader, std::string_view bytes, std::size_t cut) {
  std::string body;
  for (std::string_view part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    while (!part.empty() && !reader.done() && !reader.bad()) body += reader.Next(part);
  }
  return body;
}

std::string WholeStream(Answers& answers, int frames) {
  std::string bytes(answers.stream_head());
  for (int frame = 1; frame <= frames; ++frame) bytes += answers.Frame(frame * 1000);
  return bytes + std::string(answers.StreamEnd(frames, true));
}

TEST(Histogram, PercentilesAreWithinOnePercent) {
  Histogram histogram;
  for (Nanos value = 1; value <= 100'000; ++value) histogram.Add(value);
  EXPECT_NEAR(static_cast<double>(histogram.Percentile(0.5)), 50'000, 500);
  EXPECT_NEAR(static_cast<double>(histogram.Percentile(0.99)), 99'000, 990);
  EXPECT_EQ(histogram.Max(), 100'000);
  EXPECT_EQ(histogram.Count(), 100'000u);
}

TEST(Histogram, NothingRecordedIsZero) {
  EXPECT_EQ(Histogram().Percentile(0.99), 0);
}

TEST(MessageReader, FindsTheEndOfAPlainAnswerCutAnywhere) {
  Answers answers(Dialect::kOpenAi, 600);
  for (std::size_t cut = 0; cut <= answers.plain().size(); ++cut) {
    MessageReader reader(MessageReader::Kind::kAnswer);
    std::string body = ReadInTwo(reader, answers.plain(), cut);
    ASSERT_TRUE(reader.done()) << cut;
    ASSERT_EQ(reader.status(), 200);
    ASSERT_TRUE(body.starts_with("{\"id\"") && body.ends_with("}")) << cut;
  }
}

TEST(MessageReader, AnswerWithoutAnEndIsNotDone) {
  MessageReader reader(MessageReader::Kind::kAnswer);
  ReadInTwo(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfour", 10);
  EXPECT_FALSE(reader.done());
}

TEST(MessageReader, ChunkSizeThatIsNoNumberIsBad) {
  MessageReader reader(MessageReader::Kind::kAnswer);
  ReadInTwo(reader, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 10);
  EXPECT_TRUE(reader.bad());
}

LoadOptions Asking(bool unique) {
  return {.target = {},
          .request = BuildRequest({.host = "h", .path = "/", .model = "m", .marked = unique}),
          .credentials = {"Authorization: Bearer a", "Authorization: Bearer b"},
          .unique = unique,
          .connections = 2};
}

TEST(Requests, CredentialsTakeTurnsAndThePromptsStayEqual) {
  Requests requests(Asking(false));
  std::string first(requests.Next(0));
  std::string second(requests.Next(1));
  EXPECT_NE(first, second);
  EXPECT_EQ(first, requests.Next(0));
  EXPECT_NE((first + second).find("\r\nAuthorization: Bearer b\r\n\r\n{"), std::string::npos);
}

TEST(Requests, NoTwoUniqueOnesAreEqualAndAllAreOfOneLength) {
  Requests requests(Asking(true));
  std::string first(requests.Next(0));
  requests.Next(0);
  std::string third(requests.Next(0));
  EXPECT_NE(first, third);
  EXPECT_EQ(first.size(), third.size());
}

TEST(SseCounter, SeesEveryFrameOfAStreamCutAnywhere) {
  Answers answers(Dialect::kOpenAi, 0);
  std::string bytes = WholeStream(answers, 3);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    MessageReader reader(MessageReader::Kind::kAnswer);
    SseCounter counter;
    Collector sink;
    for (std::string_view part :
         {std::string_view(bytes).substr(0, cut), std::string_view(bytes).substr(cut)}) {
      while (!part.empty() && !reader.done()) counter.Feed(reader.Next(part), sink);
    }
    ASSERT_TRUE(reader.done()) << cut;
    ASSERT_EQ(sink.stamps, (std::vector<Nanos>{1000, 2000, 3000})) << cut;
    ASSERT_TRUE(counter.in_order() && counter.has_usage() && counter.has_done()) << cut;
  }
}

TEST(SseCounter, NoticesAFrameSentTwice) {
  Answers answers(Dialect::kOpenAi, 0);
  std::string frame(answers.Frame(5));
  std::string line = frame.substr(frame.find("data:"));
  SseCounter counter;
  Collector sink;
  counter.Feed(line + line, sink);
  EXPECT_EQ(sink.stamps.size(), 2u);
  EXPECT_FALSE(counter.in_order());
}

}  // namespace
}  // namespace signalbox::bench
