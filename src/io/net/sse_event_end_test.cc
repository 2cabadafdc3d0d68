#include "io/net/sse_event_end.h"

#include <gtest/gtest.h>

#include <vector>

namespace signalbox::net {
namespace {

// Cuts `stream` into events as they become complete while its bytes arrive in pieces of `piece`,
// with the note of what was looked at before.
std::vector<std::string> Cut(std::string_view stream, std::size_t piece) {
  std::vector<std::string> events;
  std::string held;
  std::size_t scanned = 0;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    held += stream.substr(at, piece);
    for (std::size_t end = 0; (end = SseEventEnd(held, scanned)) != 0; scanned = 0) {
      events.push_back(held.substr(0, end));
      held.erase(0, end);
    }
    scanned = held.size() < 3 ? 0 : held.size() - 3;
  }
  events.push_back(held);
  return events;
}

struct Case {
  const char* name;
  std::vector<std::string> events;  // the last is what stays, unfinished
};

const std::vector<Case> kCases = {
    {"LF", {"data: 1\n\n", "data: 2\n\n", ""}},
    {"CRLF", {"data: 1\r\n\r\n", "event: x\r\ndata: 2\r\n\r\n", "data"}},
    {"CR", {"data: 1\r\r", "data: 2\r\rdata: 3\r"}},
    {"mixed", {"data: 1\r\n\n", "data: 2\n\r\n", "data: 3\n\n", ": c\n"}},
    {"comment", {": ping\n\n", "data: x\n\n", "\n"}},
    {"several lines", {"id: 1\nevent: e\ndata: a\ndata: b\n\n", "data: [DONE]\n"}},
};

TEST(SseEventEnd, CutsAlikeHoweverTheBytesArrive) {
  for (const Case& each : kCases) {
    std::string stream;
    for (const std::string& event : each.events) {
      stream += event;
    }
    std::string sums;
    for (const std::size_t piece : {1UL, 2UL, 3UL, 7UL, stream.size()}) {
      SCOPED_TRACE(std::string(each.name) + " in pieces of " + std::to_string(piece));
      const auto cut = Cut(stream, piece);
      std::string together;
      for (const std::string& event : cut) {
        together += event;
      }
      EXPECT_EQ(together, stream);
      if (std::string_view(each.name) != "CR") {
        EXPECT_EQ(cut, each.events);
      }
    }
  }
}

// A CR at the very end decides nothing, because an LF may follow it.
TEST(SseEventEnd, AnEmptyLineThatEndsInCrWaitsForTheNextByte) {
  EXPECT_EQ(SseEventEnd("data: 1\r\r", 0), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\r\rd", 0), 9U);
  EXPECT_EQ(SseEventEnd("data: 1\r\n\r", 0), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\r\n\r\n", 0), 11U);
  EXPECT_EQ(SseEventEnd("", 0), 0U);
}

TEST(SseEventEnd, ACrStreamGivesEachEventWhenTheNextBegins) {
  for (const std::size_t piece : {1UL, 2UL, 3UL, 5UL, 100UL}) {
    EXPECT_EQ(Cut("data: 1\r\rdata: 2\r\rd", piece),
              (std::vector<std::string>{"data: 1\r\r", "data: 2\r\r", "d"}))
        << piece;
  }
}

TEST(SseData, ReadsOneLineInPlaceAndJoinsSeveral) {
  std::string joined;
  const std::string plain = "data: {\"a\":1}\n\n";
  const std::string_view data = SseData(plain, joined);
  EXPECT_EQ(data, "{\"a\":1}");
  EXPECT_EQ(data.data(), plain.data() + 6);  // a view, not a copy
  EXPECT_EQ(SseData("data:x\r\n\r\n", joined), "x");
  EXPECT_EQ(SseData("data:  x\r\r", joined), " x");
  EXPECT_EQ(SseData("data:\n\n", joined), "");
  EXPECT_EQ(SseData("data: a\ndata: b\n\n", joined), "a\nb");
  EXPECT_EQ(SseData("event: e\nid: 7\ndata: a\n\n", joined), "a");
  EXPECT_EQ(SseData("data: a\nid: 7\n\n", joined), "a");
  EXPECT_EQ(SseData(": comment\n\n", joined), "");
  EXPECT_EQ(SseData("\xEF\xBB\xBF" "data: bom\n\n", joined), "bom");
}

}  // namespace
}  // namespace signalbox::net
