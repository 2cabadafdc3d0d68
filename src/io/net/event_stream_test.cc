#include "io/net/event_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <vector>

namespace signalbox::net {
namespace {

struct Seen {
  std::string message_type, kind, payload;
  friend bool operator==(const Seen&, const Seen&) = default;
};

struct Outcome {
  std::vector<Seen> messages;
  std::vector<std::string> errors;
  bool at_boundary = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void Drain(EventStreamReader& reader, Outcome& out) {
  EventStreamMessage message;
  while (true) {
    const auto more = reader.Next(message);
    if (!more) {
      out.errors.push_back(more.error().message);
    } else if (!*more) {
      return;
    } else {
      const std::string_view kind = message.event_type();
      out.messages.emplace_back(std::string(message.message_type()),
                                std::string(kind.empty() ? message.exception_type() : kind),
                                std::string(message.payload));
    }
  }
}

Outcome Read(std::string_view bytes, std::size_t piece, std::size_t limit = 1024 * 1024) {
  EventStreamReader reader(limit);
  Outcome out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string part(bytes.substr(at, piece));  // gone after this turn
    reader.Feed(part);
    Drain(reader, out);
  }
  out.at_boundary = reader.AtBoundary();
  return out;
}

std::string Two() {
  std::string bytes;
  AppendEventStreamEvent(bytes, "messageStart", R"({"role":"assistant"})");
  AppendEventStreamException(bytes, "throttlingException", R"({"message":"slow down"})");
  return bytes;
}

TEST(EventStream, WritesWhatAwsWrites) {
  std::string bytes;
  AppendEventStreamEvent(bytes, "messageStop", R"({"stopReason":"end_turn"})");
  ASSERT_EQ(bytes.size(), 122U);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\0\0\0\x7a\0\0\0\x51", 8));
  EXPECT_EQ(bytes.substr(12, 13), "\x0b:event-type\x07");
  EXPECT_EQ(bytes.substr(25, 13), std::string("\0\x0bmessageStop", 13));
}

TEST(EventStream, ReadsMessagesHoweverTheyAreCut) {
  const Outcome whole = Read(Two(), 10000);
  EXPECT_EQ(
      whole.messages,
      (std::vector<Seen>{{"event", "messageStart", R"({"role":"assistant"})"},
                         {"exception", "throttlingException", R"({"message":"slow down"})"}}));
  EXPECT_TRUE(whole.errors.empty());
  EXPECT_TRUE(whole.at_boundary);
  for (std::size_t piece = 1; piece < Two().size(); ++piece) {
    EXPECT_EQ(Read(Two(), piece), whole) << piece;
  }
}

TEST(EventStream, KnowsWhenAMessageIsCutShort) {
  const std::string bytes = Two();
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const Outcome cut = Read(std::string_view(bytes).substr(0, size), 7);
    EXPECT_TRUE(cut.errors.empty());
    EXPECT_EQ(cut.at_boundary, size == 118) << size;
  }
}

TEST(EventStream, SkipsAMessageWithAWrongChecksum) {
  std::string bytes = Two();
  bytes[100] ^= 1;  // in the first payload
  const Outcome outcome = Read(bytes, 10000);
  EXPECT_EQ(outcome.errors,
            std::vector<std::string>{"a message of the event stream has a wrong checksum"});
  ASSERT_EQ(outcome.messages.size(), 1U);
  EXPECT_EQ(outcome.messages[0].kind, "throttlingException");
  EXPECT_EQ(Read(bytes, 1), outcome);
}

TEST(EventStream, GivesUpAfterAWrongPrelude) {
  for (const std::size_t at : {0U, 3U, 7U, 9U}) {
    std::string bytes = Two();
    bytes[at] ^= 4;
    const Outcome outcome = Read(bytes, 10000);
    EXPECT_EQ(outcome.errors, std::vector<std::string>{"the stream is no event stream"});
    EXPECT_TRUE(outcome.messages.empty());
    EXPECT_EQ(Read(bytes, 1), outcome);
  }
}

TEST(EventStream, SkipsAMessageOverTheLimit) {
  std::string bytes;
  AppendEventStreamEvent(bytes, "large", std::string(500, 'x'));
  AppendEventStreamEvent(bytes, "small", "{}");
  const Outcome outcome = Read(bytes, 10000, 400);
  EXPECT_EQ(outcome.errors, std::vector<std::string>{"a message of the event stream is too long"});
  EXPECT_EQ(outcome.messages, (std::vector<Seen>{{"event", "small", "{}"}}));
  EXPECT_TRUE(outcome.at_boundary);
  for (const std::size_t piece : {1U, 5U, 12U, 100U, 590U}) {
    EXPECT_EQ(Read(bytes, piece, 400), outcome) << piece;
  }
}

std::string Number(std::uint32_t number) {
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>((number >> shift) & 0xffU);
  }
  return out;
}

std::string Checksum(const std::string& bytes) {
  return Number(static_cast<std::uint32_t>(::crc32(
      0, reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<uInt>(bytes.size()))));
}

// A message of any headers and right checksums.
std::string Framed(const std::string& headers, const std::string& payload) {
  std::string bytes = Number(static_cast<std::uint32_t>(16 + headers.size() + payload.size())) +
                      Number(static_cast<std::uint32_t>(headers.size()));
  bytes += Checksum(bytes);
  bytes += headers + payload;
  return bytes + Checksum(bytes);
}

TEST(EventStream, ReadsHeadersOfEveryType) {
  using std::string_literals::operator""s;
  const std::string bytes = Framed(
      "\1a\0\1b\1\1c\2x\1d\3xx\1e\4xxxx\1f\5xxxxxxxx\1g\6\0\3xyz\1h\7\0\4text"
      "\1i\10xxxxxxxx\1j\11xxxxxxxxxxxxxxxx"s,
      "payload");
  EventStreamReader reader;
  EventStreamMessage message;
  reader.Feed(bytes);
  ASSERT_EQ(reader.Next(message).value_or(false), true);
  EXPECT_EQ(message.payload, "payload");
  EXPECT_EQ(message.Header("h"), "text");
  EXPECT_EQ(message.Header("g"), "");  // bytes are no text
  EXPECT_EQ(message.Header("a"), "");
  EXPECT_EQ(message.Header("z"), "");
}

TEST(EventStream, RefusesMalformedHeaders) {
  using std::string_literals::operator""s;
  for (const std::string& headers :
       {"\0\0"s, "\5a\0"s, "\1a\12"s, "\1a"s, "\1a\7\0\5text"s, "\1a\7\0"s, "\1a\5xxxxxxx"s}) {
    EXPECT_EQ(Read(Framed(headers, "{}"), 1000).errors,
              std::vector<std::string>{"a message of the event stream has malformed headers"});
  }
}

}  // namespace
}  // namespace signalbox::net
