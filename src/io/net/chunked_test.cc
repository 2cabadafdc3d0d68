#include "io/net/chunked.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace signalbox::net {
namespace {

using std::string_literals::operator""s;
using State = ChunkedDecoder::State;

struct Outcome {
  State state = State::kNeedMore;
  std::string body;
  std::size_t consumed = 0;  // over all pieces
  bool operator==(const Outcome&) const = default;
};

// Decodes `text` in pieces of `piece` bytes, each in memory of exactly its own size.
Outcome Decode(std::string_view text, std::size_t piece, std::uint32_t limit = 8 * 1024) {
  ChunkedDecoder decoder(limit);
  Outcome outcome;
  for (std::size_t start = 0; start < text.size(); start += piece) {
    const std::string_view part = text.substr(start, piece);
    const std::vector<char> bytes(part.begin(), part.end());
    std::string_view rest(bytes.data(), bytes.size());
    do {
      const ChunkedDecoder::Step step = decoder.Next(rest);
      EXPECT_LE(step.consumed, rest.size());
      outcome.state = step.state;
      outcome.consumed += step.consumed;
      outcome.body += step.data;
      rest.remove_prefix(step.consumed);
      if (step.state == State::kEnd || step.state == State::kBad) return outcome;
      EXPECT_EQ(step.state == State::kData, !step.data.empty());
      if (step.state == State::kNeedMore) {
        EXPECT_TRUE(rest.empty());
      }
    } while (!rest.empty());
  }
  if (outcome.state == State::kData) outcome.state = State::kNeedMore;
  return outcome;
}

struct Case {
  const char* name;
  std::string text;
  State state;
  std::string body;
};

void Check(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Outcome whole = Decode(each.text, std::max<std::size_t>(each.text.size(), 1));
    EXPECT_EQ(whole.state, each.state);
    EXPECT_EQ(whole.body, each.body);
    for (std::size_t piece = 1; piece < each.text.size(); ++piece) {
      EXPECT_EQ(Decode(each.text, piece), whole) << "in pieces of " << piece;
    }
  }
}

const std::string kEnd = "0\r\n\r\n";

TEST(ChunkedDecoder, ReadsChunksInAnySpelling) {
  Check({
      {"nothing yet", "", State::kNeedMore, ""},
      {"empty body", kEnd, State::kEnd, ""},
      {"one chunk", "5\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"two chunks", "2\r\nhe\r\n3\r\nllo\r\n" + kEnd, State::kEnd, "hello"},
      {"hexadecimal", "a\r\n0123456789\r\nB\r\n0123456789a\r\n" + kEnd, State::kEnd,
       "01234567890123456789a"},
      {"leading zeros", "0000000000000005\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"end with sixteen zeros", "0000000000000000\r\n\r\n", State::kEnd, ""},
      {"line ends inside the data", "4\r\n\r\n\r\n\r\n" + kEnd, State::kEnd, "\r\n\r\n"},
      {"cut in the data", "5\r\nhel", State::kNeedMore, "hel"},
      {"cut before the end", "5\r\nhello\r\n", State::kNeedMore, "hello"},
      {"cut in the size", "5", State::kNeedMore, ""},
      {"cut before the last CR LF", "0\r\n", State::kNeedMore, ""},
      {"cut before the last LF", "0\r\n\r", State::kNeedMore, ""},
      {"largest size", "ffffffffffffffff\r\nabc", State::kNeedMore, "abc"},
  });
}

TEST(ChunkedDecoder, RefusesSizesThatAreNotPlainHexadecimal) {
  Check({
      {"empty", "\r\n", State::kBad, ""},
      {"17 digits", "00000000000000005\r\nhello\r\n", State::kBad, ""},
      {"overflow", "10000000000000000\r\n", State::kBad, ""},
      {"minus", "-1\r\n", State::kBad, ""},
      {"plus", "+5\r\nhello\r\n", State::kBad, ""},
      {"prefix", "0x5\r\nhello\r\n", State::kBad, ""},
      {"underscore", "1_0\r\n", State::kBad, ""},
      {"letter after f", "g\r\n", State::kBad, ""},
      {"blank in front", " 5\r\nhello\r\n", State::kBad, ""},
      {"blank behind", "5 \r\nhello\r\n", State::kBad, ""},
      {"tab behind", "5\t\r\nhello\r\n", State::kBad, ""},
      {"two numbers", "5 5\r\nhello\r\n", State::kBad, ""},
      {"comma", "5,5\r\nhello\r\n", State::kBad, ""},
      {"NUL", "5\0\r\nhello\r\n"s, State::kBad, ""},
      {"obs-text", "\xb5\r\n", State::kBad, ""},
  });
}

TEST(ChunkedDecoder, RefusesLineEndsThatAreNotCrLf) {
  Check({
      {"bare LF after the size", "5\nhello\r\n" + kEnd, State::kBad, ""},
      {"bare CR after the size", "5\rhello\r\n" + kEnd, State::kBad, ""},
      {"CR CR LF after the size", "5\r\r\nhello\r\n" + kEnd, State::kBad, ""},
      {"bare LF after the data", "5\r\nhello\n" + kEnd, State::kBad, "hello"},
      {"bare CR after the data", "5\r\nhello\r0\r\n", State::kBad, "hello"},
      {"nothing after the data", "5\r\nhello0\r\n\r\n", State::kBad, "hello"},
      {"data longer than its size", "4\r\nhello\r\n" + kEnd, State::kBad, "hell"},
      {"data shorter than its size", "6\r\nhello\r\n" + kEnd, State::kBad, "hello\r"},
      {"bare LF after the last size", "0\n\r\n", State::kBad, ""},
      {"bare LF at the end", "0\r\n\n", State::kBad, ""},
      {"CR and no LF at the end", "0\r\n\rX", State::kBad, ""},
      {"LF in an extension", "5;a\nhello\r\n" + kEnd, State::kBad, ""},
      {"LF right after the semicolon", "5;\nhello\r\n" + kEnd, State::kBad, ""},
      {"LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n", State::kBad, ""},
      {"LF in a trailer", "0\r\nA: b\n\r\n", State::kBad, ""},
  });
}

TEST(ChunkedDecoder, DropsExtensionsThatAreWellFormed) {
  Check({
      {"name", "5;a\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"value", "5;a=b\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"quoted value", "5;a=\"b;\\\"c\"\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"several with blanks", "5 ; a = b ;\tc\r\nhello\r\n" + kEnd, State::kEnd, "hello"},
      {"on the last chunk", "0;a=b\r\n\r\n", State::kEnd, ""},
      {"no name", "5;\r\nhello\r\n", State::kBad, ""},
      {"no name before the value", "5;=b\r\nhello\r\n", State::kBad, ""},
      {"empty one between", "5;a;;b\r\nhello\r\n", State::kBad, ""},
      {"CR inside", "5;a\rb\r\nhello\r\n", State::kBad, ""},
      {"NUL inside", "5;a\0b\r\nhello\r\n"s, State::kBad, ""},
      {"DEL inside", "5;a\x7f\r\nhello\r\n", State::kBad, ""},
      {"control byte in quotes", "5;a=\"\x01\"\r\nhello\r\n", State::kBad, ""},
      {"CR LF in quotes", "5;a=\"b\r\nhello\r\n", State::kBad, ""},
      {"obs-text outside quotes", "5;a\xff\r\nhello\r\n", State::kBad, ""},
  });
}

TEST(ChunkedDecoder, DropsTrailersThatAreFieldLines) {
  Check({
      {"one", "0\r\nA: b\r\n\r\n", State::kEnd, ""},
      {"two, one empty", "0\r\nA: b\r\nC:\r\n\r\n", State::kEnd, ""},
      {"framing fields mean nothing there", "0\r\nContent-Length: 5\r\n\r\n", State::kEnd, ""},
      {"no colon", "0\r\nabc\r\n\r\n", State::kBad, ""},
      {"no name", "0\r\n: b\r\n\r\n", State::kBad, ""},
      {"space before the colon", "0\r\nA : b\r\n\r\n", State::kBad, ""},
      {"folded", "0\r\nA: b\r\n c\r\n\r\n", State::kBad, ""},
      {"NUL", "0\r\nA: \0\r\n\r\n"s, State::kBad, ""},
      {"bare CR", "0\r\nA: b\rc\r\n\r\n", State::kBad, ""},
      {"a request instead", "0\r\nGET / HTTP/1.1\r\n\r\n", State::kBad, ""},
  });
}

TEST(ChunkedDecoder, LeavesWhatFollowsTheEnd) {
  const std::string body = "5\r\nhello\r\n" + kEnd;
  for (std::size_t piece = 1; piece <= body.size() + 3; ++piece) {
    const Outcome outcome = Decode(body + "GET", piece);
    EXPECT_EQ(outcome.state, State::kEnd);
    EXPECT_EQ(outcome.consumed, body.size());
  }
}

TEST(ChunkedDecoder, StaysEndedAndStaysBroken) {
  ChunkedDecoder ended;
  EXPECT_EQ(ended.Next(kEnd).state, State::kEnd);
  EXPECT_EQ(ended.Next("5\r\nhello\r\n").state, State::kEnd);
  EXPECT_EQ(ended.Next("5\r\nhello\r\n").consumed, 0u);
  ChunkedDecoder broken;
  EXPECT_EQ(broken.Next("x").state, State::kBad);
  EXPECT_EQ(broken.Next(kEnd).state, State::kBad);
}

TEST(ChunkedDecoder, CountsExtensionsAndTrailersAgainstOneLimit) {
  // ";ab" + CR is 4 counted bytes, "A:b" + CR is 4.
  const std::string body = "1;ab\r\nx\r\n0\r\nA:b\r\n\r\n";
  for (std::size_t piece : {std::size_t{1}, std::size_t{5}, body.size()}) {
    EXPECT_EQ(Decode(body, piece, 8).state, State::kEnd);
    EXPECT_EQ(Decode(body, piece, 7).state, State::kBad);
  }
  const std::string bomb(1 << 20, 'a');
  const Outcome extension = Decode("1;" + bomb, 4096);
  EXPECT_EQ(extension.state, State::kBad);
  EXPECT_LE(extension.consumed, 8u * 1024 + 2);
  EXPECT_EQ(Decode("0\r\nA: " + bomb, 4096).state, State::kBad);
  EXPECT_EQ(Decode("1;a=\"" + bomb, 4096).state, State::kBad);
  std::string trailers = "0\r\n";
  while (trailers.size() < 1 << 20) trailers += "A: b\r\n";
  EXPECT_LE(Decode(trailers, 4096).consumed, 12u * 1024);
  std::string drip;
  for (int i = 0; i < 10'000; ++i) drip += "1;a\r\nx\r\n";
  EXPECT_EQ(Decode(drip, 4096).state, State::kBad) << "the limit is for the body, not for a chunk";
}

TEST(ChunkedDecoder, TakesSoManyTrailerFieldsAndNoMore) {
  const auto trailers = [](int count) {
    std::string text = "0\r\n";
    for (int i = 0; i < count; ++i) text += "A:\r\n";
    return text + "\r\n";
  };
  const std::size_t all = trailers(101).size();
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, all}) {
    EXPECT_EQ(Decode(trailers(100), piece).state, State::kEnd);
    const Outcome over = Decode(trailers(101), piece);
    EXPECT_EQ(over.state, State::kBad);
    EXPECT_EQ(over.consumed, all - 2 - 3) << "at the first byte of the one too many";
  }
  ChunkedDecoder none(8 * 1024, 0);
  EXPECT_EQ(none.Next("0\r\nA: b\r\n\r\n").state, State::kBad);
  ChunkedDecoder plain(8 * 1024, 0);
  EXPECT_EQ(plain.Next(kEnd).state, State::kEnd);
}

// What Next has read of `text`, in pieces of `piece`, announces at its end.
std::uint64_t Announced(std::string_view text, std::size_t piece) {
  ChunkedDecoder decoder;
  while (!text.empty()) {
    const ChunkedDecoder::Step step = decoder.Next(text.substr(0, piece));
    EXPECT_GT(step.consumed, 0u);
    text.remove_prefix(step.consumed);
    if (step.state == State::kEnd || step.state == State::kBad) break;
  }
  return decoder.announced();
}

TEST(ChunkedDecoder, AnnouncesWhatIsToComeOnceTheSizeLineIsRead) {
  for (std::size_t piece = 1; piece <= 20; ++piece) {
    SCOPED_TRACE(piece);
    EXPECT_EQ(Announced("8000000000000000\r\n", piece), 0x8000000000000000u);
    EXPECT_EQ(Announced("ffffffffffffffff\r\n", piece), 0xffffffffffffffffu);
    EXPECT_EQ(Announced("ffffffffffffffff\r\nab", piece), 0xfffffffffffffffdu);
    EXPECT_EQ(Announced("2\r\nab\r\nffffffffffffffff;x=y\r\n", piece), 0xffffffffffffffffu);
    EXPECT_EQ(Announced("5\r\nhel", piece), 2u);
    EXPECT_EQ(Announced("5", piece), 0u) << "the size may have more digits";
    EXPECT_EQ(Announced("5;x", piece), 0u);
    EXPECT_EQ(Announced("5\r", piece), 0u);
    EXPECT_EQ(Announced("5\r\nhello", piece), 0u);
    EXPECT_EQ(Announced("5\r\nhello\r\n7", piece), 0u);
    EXPECT_EQ(Announced("5\r\nhello\r\n" + kEnd, piece), 0u);
    EXPECT_EQ(Announced("5\r\nhelloX", piece), 0u);
  }
}

TEST(ChunkLine, WritesHexadecimalThatTheDecoderReads) {
  char room[kChunkLineSize];
  EXPECT_EQ(ChunkLine(0, room), "0\r\n");
  EXPECT_EQ(ChunkLine(10, room), "a\r\n");
  EXPECT_EQ(ChunkLine(0x1234567890abcdef, room), "1234567890abcdef\r\n");
  EXPECT_EQ(ChunkLine(~std::uint64_t{0}, room), "ffffffffffffffff\r\n");
  for (std::size_t size : {1, 15, 16, 255, 256, 70'000}) {
    const std::string data(size, 'x');
    const std::string text = std::string(ChunkLine(size, room)) + data + "\r\n" + kEnd;
    EXPECT_EQ(Decode(text, text.size()).body, data);
  }
}

}  // namespace
}  // namespace signalbox::net
