#include "io/net/sse_event_end.h"

#include <gtest/gtest.h>

#include <vector>

namespace signalbox::net {
namespace {

// Cuts a stream that arrives in `pieces` into events as they become complete, with the note of what
// was looked at before.
std::vector<std::string> Cut(const std::vector<std::string>& pieces) {
  std::vector<std::string> events;
  std::string held;
  std::size_t scanned = 0;
  for (const std::string& piece : pieces) {
    held += piece;
    for (std::size_t end = 0; (end = SseEventEnd(held, scanned)) != 0; scanned = 0) {
      events.push_back(held.substr(0, end));
      held.erase(0, end);
    }
    scanned = held.size() < 3 ? 0 : held.size() - 3;
  }
  events.push_back(held);
  return events;
}

std::vector<std::string> Cut(const std::string& stream, std::size_t piece) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    pieces.push_back(stream.substr(at, piece));
  }
  return Cut(pieces);
}

struct Case {
  const char* name;
  std::vector<std::string> events;  // the last is what stays, unfinished
};

const std::vector<Case> kCases = {
    {"LF", {"data: 1\n\n", "data: 2\n\n", ""}},
    {"CRLF", {"data: 1\r\n\r\n", "event: x\r\ndata: 2\r\n\r\n", "data"}},
    {"CR", {"data: 1\r\r", "event: x\rdata: 2\r\r", "data: 3\r"}},
    {"CR to its end", {"data: 1\r\r", "data: [DONE]\r\r", ""}},
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
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
      SCOPED_TRACE(std::string(each.name) + " in pieces of " + std::to_string(piece));
      const auto cut = Cut(stream, piece);
      std::string together;
      for (const std::string& event : cut) {
        together += event;
      }
      EXPECT_EQ(together, stream);
      EXPECT_EQ(cut, each.events);
    }
  }
}

TEST(SseEventEnd, EveryPlaceToCutInTwoIsTheSame) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::vector<std::string> events = {"data: 1" + end + end, ": c" + end + end,
                                             "id: 1" + end + "data: 2" + end + end,
                                             "data: [DONE]" + end + end, ""};
    std::string stream;
    for (const std::string& event : events) {
      stream += event;
    }
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      EXPECT_EQ(Cut({stream.substr(0, cut), stream.substr(cut)}), events) << cut;
    }
  }
}

// No byte may follow the last event, so nothing is waited for.
TEST(SseEventEnd, ACrStreamsEventEndsWithItsSecondCr) {
  EXPECT_EQ(SseEventEnd("data: 1\r", 0), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\r\r", 0), 9U);
  EXPECT_EQ(SseEventEnd("data: 1\r\r", 6), 9U);
  EXPECT_EQ(SseEventEnd("data: 1\r\rd", 0), 9U);
  EXPECT_EQ(SseEventEnd("data: 1\r\r\n", 0), 10U);
}

// What the LF belonged to is gone by then: it is an empty line in front of the next event.
TEST(SseEventEnd, AnLfBehindTheSecondCrStandsBeforeTheNextEvent) {
  const std::vector<std::string> events = {"data: 1\r\r", "\ndata: 2\n\n", ""};
  EXPECT_EQ(Cut({"data: 1\r\r", "\ndata: 2\n\n"}), events);
  EXPECT_EQ(Cut({"data: 1\r\r", "\n", "data: 2\n\n"}), events);
  std::string joined;
  EXPECT_EQ(SseData(events[1], joined), "2");
  EXPECT_EQ(SseData("\ndata: 2\r\r", joined), "2");
  EXPECT_EQ(SseData("\r\ndata: a\r\ndata: b\r\n\r\n", joined), "a\nb");
}

// A stream with LF in its line ends is cut behind the LF, or a reader that looks for CRLF CRLF
// would miss it until the next event.
TEST(SseEventEnd, AnEmptyLineOfCrlfWaitsForItsLf) {
  EXPECT_EQ(SseEventEnd("data: 1\r\n\r", 0), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\r\n\r", 8), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\n\r", 0), 0U);
  EXPECT_EQ(SseEventEnd("data: 1\n\rd", 0), 9U);
  EXPECT_EQ(SseEventEnd("data: 1\r\n\r\n", 0), 11U);
  EXPECT_EQ(SseEventEnd("", 0), 0U);
}

TEST(SseData, ReadsOneLineInPlaceAndJoinsSeveral) {
  std::string joined;
  const std::string plain = "data: {\"a\":1}\n\n";
  const std::string_view data = SseData(plain, joined);
  EXPECT_EQ(data, "{\"a\":1}");
  EXPECT_EQ(data.data(), plain.data() + 6);  // a view, not a copy
  EXPECT_EQ(SseData("data:x\r\n\r\n", joined), "x");
  const std::string old = "data:  x\r\r";
  EXPECT_EQ(SseData(old, joined).data(), old.data() + 6);
  EXPECT_EQ(SseData(old, joined), " x");
  EXPECT_EQ(SseData("data: cut", joined), "cut");
  EXPECT_EQ(SseData("data:\n\n", joined), "");
  EXPECT_EQ(SseData("data: a\ndata: b\n\n", joined), "a\nb");
  EXPECT_EQ(SseData("event: e\nid: 7\ndata: a\n\n", joined), "a");
  EXPECT_EQ(SseData("data: a\nid: 7\n\n", joined), "a");
  EXPECT_EQ(SseData(": comment\n\n", joined), "");
  EXPECT_EQ(SseData("\xEF\xBB\xBF"
                    "data: bom\n\n",
                    joined),
            "bom");
}

}  // namespace
}  // namespace signalbox::net
