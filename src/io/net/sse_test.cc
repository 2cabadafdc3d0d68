#include "io/net/sse.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;

struct Event {
  std::string type, data, id;
  bool operator==(const Event&) const = default;
};

void PrintTo(const Event& event, std::ostream* out) {
  *out << '{' << event.type << '|' << event.data << '|' << event.id << '}';
}

struct Outcome {
  std::vector<Event> events;
  std::uint64_t oversized = 0;
  bool at_boundary = true;
};

Event Copy(const SseEvent& event) {
  return {std::string(event.type), std::string(event.data), std::string(event.id)};
}

void FeedAll(SseReader& reader, std::string_view part, std::vector<Event>& events) {
  const std::vector<char> bytes(part.begin(), part.end());  // exactly its size, gone afterwards
  reader.Feed({bytes.data(), bytes.size()});
  SseEvent event;
  while (reader.Next(event)) events.push_back(Copy(event));
}

Outcome ReadInPieces(std::string_view text, std::size_t piece, std::size_t limit = 1024 * 1024) {
  SseReader reader(limit);
  Outcome outcome;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    FeedAll(reader, text.substr(at, piece), outcome.events);
  }
  outcome.oversized = reader.oversized();
  outcome.at_boundary = reader.AtBoundary();
  return outcome;
}

struct Case {
  const char* name;
  std::string text;
  std::vector<Event> events;
  bool at_boundary = true;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    for (const std::size_t piece :
         {each.text.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
      const Outcome outcome = ReadInPieces(each.text, piece);
      EXPECT_EQ(outcome.events, each.events) << "in pieces of " << piece;
      EXPECT_EQ(outcome.at_boundary, each.at_boundary) << "in pieces of " << piece;
      EXPECT_EQ(outcome.oversized, 0u);
    }
    for (std::size_t split = 0; split <= each.text.size(); ++split) {
      SseReader reader;
      std::vector<Event> events;
      FeedAll(reader, std::string_view(each.text).substr(0, split), events);
      FeedAll(reader, std::string_view(each.text).substr(split), events);
      EXPECT_EQ(events, each.events) << "split at " << split;
      EXPECT_EQ(reader.AtBoundary(), each.at_boundary) << "split at " << split;
    }
  }
}

TEST(SseReader, CutsEventsAtEmptyLines) {
  Check({
      {"nothing", "", {}},
      {"one", "data: a\n\n", {{"", "a", ""}}},
      {"two", "data: a\n\ndata: b\n\n", {{"", "a", ""}, {"", "b", ""}}},
      {"no space", "data:a\n\n", {{"", "a", ""}}},
      {"only one space is dropped", "data:  a \n\n", {{"", " a ", ""}}},
      {"empty lines between", "\n\n\ndata: a\n\n\n\n", {{"", "a", ""}}},
      {"longer than a block",
       "data: 0123456789abcdefghijklmnopqrstuvwxyz\n\n",
       {{"", "0123456789abcdefghijklmnopqrstuvwxyz", ""}}},
      {"empty data", "data:\n\n", {{"", "", ""}}},
      {"data without a colon", "data\n\n", {{"", "", ""}}},
      {"no end yet", "data: a\n", {}, false},
      {"no line end yet", "data: a", {}, false},
      {"second one unfinished", "data: a\n\ndata: b\n", {{"", "a", ""}}, false},
      {"bad UTF-8 passes", "data: \xff\xc3(\x80\n\n", {{"", "\xff\xc3(\x80", ""}}},
      {"NUL passes", "data: a\0b\n\n"s, {{"", "a\0b"s, ""}}},
  });
}

TEST(SseReader, JoinsDataLinesWithLf) {
  Check({
      {"two", "data: a\ndata: b\n\n", {{"", "a\nb", ""}}},
      {"three, one empty", "data: a\ndata\ndata: b\n\n", {{"", "a\n\nb", ""}}},
      {"two empty", "data\ndata\n\n", {{"", "\n", ""}}},
      {"other fields between", "data: a\nid: 1\n: c\ndata: b\n\n", {{"", "a\nb", "1"}}},
      {"then a single one", "data: a\ndata: b\n\ndata: c\n\n", {{"", "a\nb", ""}, {"", "c", ""}}},
  });
}

TEST(SseReader, ReadsTypeAndId) {
  Check({
      {"type", "event: ping\ndata: {}\n\n", {{"ping", "{}", ""}}},
      {"type after data", "data: {}\nevent: ping\n\n", {{"ping", "{}", ""}}},
      {"last type wins", "event: a\nevent: b\ndata: 1\n\n", {{"b", "1", ""}}},
      {"type without data is no event", "event: ping\n\ndata: 1\n\n", {{"", "1", ""}}},
      {"type is not kept", "event: a\ndata: 1\n\ndata: 2\n\n", {{"a", "1", ""}, {"", "2", ""}}},
      {"id", "id: 7\ndata: a\n\n", {{"", "a", "7"}}},
      {"id with NUL is dropped", "id: 7\0\ndata: a\n\n"s, {{"", "a", ""}}},
      {"retry and unknown fields", "retry: 10\nfoo: bar\nbaz\ndata: a\n\n", {{"", "a", ""}}},
      {"longer names are others", "database: x\nevents: y\nids: z\ndata: a\n\n", {{"", "a", ""}}},
      {"upper case is another", "DATA: a\n\n", {}},
      {"space before the colon is another", "data : a\n\n", {}},
      {"space in front is another", " data: a\n\n", {}},
  });
}

TEST(SseReader, TakesEveryKindOfLineEnd) {
  Check({
      {"CR LF", "data: a\r\n\r\ndata: b\r\n\r\n", {{"", "a", ""}, {"", "b", ""}}},
      {"CR", "data: a\r\rdata: b\r\r", {{"", "a", ""}, {"", "b", ""}}},
      {"CR then LF LF", "data: a\r\n\n", {{"", "a", ""}}},
      {"LF then CR LF", "data: a\n\r\ndata: b\n\n", {{"", "a", ""}, {"", "b", ""}}},
      {"CR then CR LF", "data: a\r\r\ndata: b\r\r\n", {{"", "a", ""}, {"", "b", ""}}},
      {"LF then CR", "data: a\n\rdata: b\n\r", {{"", "a", ""}, {"", "b", ""}}},
      {"two data lines", "data: a\r\ndata: b\rdata: c\n\r\n", {{"", "a\nb\nc", ""}}},
      {"comments", ": x\r\n\r\n: y\r\rdata: a\r\n\r\n", {{"", "a", ""}}},
  });
}

TEST(SseReader, DoesNotWaitForAnLfAfterCr) {
  SseReader reader;
  std::vector<Event> events;
  FeedAll(reader, "data: a\r\n\r", events);
  EXPECT_EQ(events.size(), 1u);
  EXPECT_TRUE(reader.AtBoundary());
  FeedAll(reader, "\ndata: b\r\r", events);
  EXPECT_EQ(events, (std::vector<Event>{{"", "a", ""}, {"", "b", ""}}));
}

TEST(SseReader, SkipsComments) {
  Check({
      {"alone", ": ping\n\n", {}},
      {"without an empty line", ": ping\n", {}},
      {"unfinished", ": pi", {}, false},
      {"many", ": a\n: b\n\n: c\n\n", {}},
      {"before an event", ": ping\ndata: a\n\n", {{"", "a", ""}}},
      {"inside an event", "data: a\n: ping\n\n", {{"", "a", ""}}},
      {"just a colon", ":\n\n:\ndata: a\n\n", {{"", "a", ""}}},
      {"after data", "data: a\n: ping\n", {}, false},
  });
}

TEST(SseReader, SkipsABomOnlyAtTheStart) {
  const std::string bom = "\xef\xbb\xbf";
  Check({
      {"at the start", bom + "data: a\n\n", {{"", "a", ""}}},
      {"only a BOM", bom, {}},
      {"two", bom + bom + "data: a\n\n", {}},
      {"half of one",
       "\xef\xbb"
       "data: a\n\ndata: b\n\n",
       {{"", "b", ""}}},
      {"half of one and no more", "\xef\xbb", {}, false},
      {"in the second event", "data: a\n\n" + bom + "data: b\n\n", {{"", "a", ""}}},
  });
}

TEST(SseReader, SkipsAndCountsEventsOverTheLimit) {
  // An event's size is that of its lines, each with one byte for its end; comments do not count.
  const std::string text =
      "data: 1\n\ndata: 0123456789\n\n: a long comment does not count\r\ndata: 2\r\n\r\n"
      "data: 3\ndata: 4\n\nid\nid\ndata\nid\nid\n\n";
  const std::vector<Event> fitting = {{"", "1", ""}, {"", "2", ""}, {"", "3\n4", ""}};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Outcome outcome = ReadInPieces(text, piece, 16);
    EXPECT_EQ(outcome.events, fitting) << "in pieces of " << piece;
    EXPECT_EQ(outcome.oversized, 2u) << "in pieces of " << piece;
    EXPECT_TRUE(outcome.at_boundary);
    EXPECT_EQ(ReadInPieces(text, piece, 17).oversized, 0u) << "in pieces of " << piece;
    EXPECT_EQ(ReadInPieces(text, piece, 17).events.size(), 5u) << "in pieces of " << piece;
  }
}

TEST(SseReader, PassesAnEndlessLineWithoutKeepingIt) {
  SseReader reader(64 * 1024);
  std::vector<Event> events;
  const std::string block(4096, 'x');
  FeedAll(reader, "data: ", events);
  for (int i = 0; i < 4096; ++i) FeedAll(reader, block, events);  // 16 MB
  EXPECT_EQ(reader.oversized(), 1u);
  EXPECT_FALSE(reader.AtBoundary());
  FeedAll(reader, "\n\ndata: a\n\n", events);
  EXPECT_EQ(events, (std::vector<Event>{{"", "a", ""}}));
  FeedAll(reader, ": ", events);
  for (int i = 0; i < 4096; ++i) FeedAll(reader, block, events);
  FeedAll(reader, "\ndata: b\n\n", events);
  EXPECT_EQ(events.size(), 2u);
  EXPECT_EQ(reader.oversized(), 1u) << "a comment is no event";
}

TEST(SseReader, ReturnsAViewIntoTheBytesFed) {
  const std::string text = ": c\n\ndata: abc\n\nevent: x\ndata: def\n\ndata: g";
  SseReader reader;
  reader.Feed(text);
  SseEvent event;
  ASSERT_TRUE(reader.Next(event));
  EXPECT_EQ(event.data.data(), text.data() + 11);
  EXPECT_EQ(reader.raw(), "data: abc\n\n");
  EXPECT_EQ(reader.raw().data(), text.data() + 5);
  ASSERT_TRUE(reader.Next(event));
  EXPECT_EQ(reader.raw(), "event: x\ndata: def\n\n");
  EXPECT_EQ(reader.rest(), "data: g");
  EXPECT_FALSE(reader.Next(event));
  reader.Feed("h\n\n: x\n");
  ASSERT_TRUE(reader.Next(event));
  EXPECT_EQ(event.data, "gh");
  EXPECT_TRUE(reader.raw().empty()) << "it began earlier";
  EXPECT_EQ(reader.rest(), ": x\n");
}

TEST(SseReader, FinishGivesTheEventWhoseEmptyLineNeverCame) {
  const auto last = [](std::string_view text, std::size_t piece) {
    SseReader reader(64);
    std::vector<Event> events;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      FeedAll(reader, text.substr(at, piece), events);
    }
    SseEvent event;
    events.clear();
    if (reader.Finish(event)) events.push_back(Copy(event));
    EXPECT_FALSE(reader.Finish(event)) << "only once";
    return events;
  };
  for (const std::size_t piece : {1, 2, 3, 100}) {
    EXPECT_EQ(last("data: [DONE]\n", piece), (std::vector<Event>{{"", "[DONE]", ""}}));
    EXPECT_EQ(last("id: 1\ndata: [DONE]", piece), (std::vector<Event>{{"", "[DONE]", "1"}}));
    EXPECT_EQ(last("data: a\n\n", piece), std::vector<Event>());
    EXPECT_EQ(last("data: a\n: c", piece), (std::vector<Event>{{"", "a", ""}}));
    EXPECT_EQ(last("event: a\n", piece), std::vector<Event>());
    EXPECT_EQ(last("data: " + std::string(100, 'x'), piece), std::vector<Event>());
    EXPECT_EQ(last("\xef\xbb", piece), std::vector<Event>());
  }
}

// Each shape once cost, or could cost, a look at all bytes for each line or each piece.
TEST(SseReader, StaysLinear) {
  const auto seconds = [](const std::string& text, std::size_t piece) {
    SseReader reader(16 * 1024 * 1024);
    SseEvent event;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t at = 0; at < text.size(); at += piece) {
      reader.Feed(std::string_view(text).substr(at, piece));
      while (reader.Next(event)) {
      }
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    return spent.count();
  };
  std::string comments, lines, blanks(1'000'000, '\n');
  while (comments.size() < 1'000'000) comments += ": c\n";
  while (lines.size() < 1'000'000) lines += "data: c\n";
  // A quadratic way would need at least 10^11 steps.
  EXPECT_LT(seconds(comments, comments.size()), 5);
  EXPECT_LT(seconds(lines, lines.size()), 5);
  EXPECT_LT(seconds(lines, 1), 5);
  EXPECT_LT(seconds("data: " + std::string(1'000'000, 'x'), 1), 5);
  EXPECT_LT(seconds(blanks, blanks.size()), 5);
}

TEST(AppendSseEvent, WritesWhatTheReaderReads) {
  std::string text;
  AppendSseEvent(text, "", "{}");
  EXPECT_EQ(text, "data: {}\n\n");
  AppendSseEvent(text, "ping", "a\nb\r\nc\rd");
  EXPECT_EQ(text, "data: {}\n\nevent: ping\ndata: a\ndata: b\ndata: c\ndata: d\n\n");
  AppendSseEvent(text, "", "");
  AppendSseEvent(text, "", "x\n");
  const std::vector<Event> events = {
      {"", "{}", ""}, {"ping", "a\nb\nc\nd", ""}, {"", "", ""}, {"", "x\n", ""}};
  EXPECT_EQ(ReadInPieces(text, text.size()).events, events);
}

}  // namespace
}  // namespace signalbox::net
