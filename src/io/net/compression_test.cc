#include "io/net/compression.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace signalbox::net {
namespace {

using core::ErrorCode;

struct Outcome {
  bool ok = true;
  ErrorCode code = ErrorCode::kInternal;
  std::string body;
  bool finished = false;
  std::size_t read = 0;  // bytes handed over until the end or the error
};

Outcome DecodeInPieces(Coding coding, std::string_view text, std::size_t piece,
                       const DecodeLimits& limits = {}) {
  const std::unique_ptr<Decoder> decoder = Decoder::Create(coding, limits);
  Outcome outcome;
  for (std::size_t at = 0; at < text.size() && outcome.ok; at += piece) {
    const std::string_view part = text.substr(at, piece);
    const std::vector<char> bytes(part.begin(), part.end());
    const core::Status status = decoder->Decode({bytes.data(), bytes.size()}, outcome.body);
    outcome.ok = status.has_value();
    outcome.read += part.size();
    if (!outcome.ok) outcome.code = status.error().code;
  }
  outcome.finished = decoder->finished();
  return outcome;
}

std::string SomeText() {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "{\"id\":" + std::to_string(i * 7919) + ",\"x\":\"hello\"}";
  return text;
}

std::string Noise(std::size_t size) {
  std::mt19937 random(7);
  std::string noise(size, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

std::string CodingName(const testing::TestParamInfo<Coding>& info) {
  constexpr const char* kNames[] = {"Identity", "Gzip", "Deflate", "Brotli", "Zstd"};
  return kNames[static_cast<std::size_t>(info.param)];
}

class EachCoding : public testing::TestWithParam<Coding> {};

INSTANTIATE_TEST_SUITE_P(Compression, EachCoding,
                         testing::Values(Coding::kGzip, Coding::kDeflate, Coding::kBrotli,
                                         Coding::kZstd),
                         CodingName);

TEST_P(EachCoding, DecodesWhatWasEncodedInPiecesOfAnySize) {
  for (const std::string& text : {std::string(), std::string("x"), SomeText(), Noise(100'000)}) {
    const std::string encoded = Encode(GetParam(), text);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7},
                                    std::size_t{4096}, encoded.size()}) {
      const Outcome outcome = DecodeInPieces(GetParam(), encoded, piece);
      EXPECT_TRUE(outcome.ok) << "in pieces of " << piece;
      EXPECT_TRUE(outcome.finished) << "in pieces of " << piece;
      EXPECT_EQ(outcome.body == text, true) << "in pieces of " << piece;
    }
  }
}

TEST_P(EachCoding, OutputDoesNotWaitForTheRestOfTheInput) {
  const std::string text = Noise(500'000);
  const std::string encoded = Encode(GetParam(), text);
  const Outcome half =
      DecodeInPieces(GetParam(), std::string_view(encoded).substr(0, 300'000), 1000);
  EXPECT_TRUE(half.ok);
  EXPECT_FALSE(half.finished);
  // At most one block of the coding is still inside.
  EXPECT_GE(half.body.size(), 128u * 1024);
  EXPECT_TRUE(text.starts_with(half.body));
}

TEST_P(EachCoding, ACutBodyIsNotFinished) {
  const std::string encoded = Encode(GetParam(), SomeText());
  for (std::size_t cut = 1; cut < 20; ++cut) {
    const Outcome outcome =
        DecodeInPieces(GetParam(), std::string_view(encoded).substr(0, encoded.size() - cut), 512);
    EXPECT_TRUE(outcome.ok);
    EXPECT_FALSE(outcome.finished) << "without its last " << cut << " bytes";
  }
  EXPECT_FALSE(DecodeInPieces(GetParam(), "", 1).finished);
}

TEST_P(EachCoding, RefusesBytesThatAreNoSuchCoding) {
  for (const std::string_view garbage :
       {std::string_view("{\"model\":\"a plain body that somebody labelled\"}"),
        std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")}) {
    const Outcome outcome = DecodeInPieces(GetParam(), garbage, 5);
    EXPECT_FALSE(outcome.ok && outcome.finished);
    if (!outcome.ok) {
      EXPECT_EQ(outcome.code, ErrorCode::kInvalidRequest);
    }
  }
}

TEST_P(EachCoding, RefusesGarbageAfterTheEnd) {
  const std::string encoded = Encode(GetParam(), "hello");
  for (const std::string tail : {"x", "hello world", "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"}) {
    for (const std::size_t piece : {std::size_t{1}, encoded.size(), encoded.size() + tail.size()}) {
      const Outcome outcome = DecodeInPieces(GetParam(), encoded + tail, piece);
      EXPECT_FALSE(outcome.ok && outcome.finished) << tail << " in pieces of " << piece;
    }
  }
}

TEST_P(EachCoding, StopsAtTheSizeLimit) {
  const std::string text = SomeText();
  const std::string encoded = Encode(GetParam(), text);
  EXPECT_TRUE(DecodeInPieces(GetParam(), encoded, 100, {.max_output = text.size()}).ok);
  const Outcome over = DecodeInPieces(GetParam(), encoded, 100, {.max_output = text.size() - 1});
  EXPECT_FALSE(over.ok);
  EXPECT_EQ(over.code, ErrorCode::kPayloadTooLarge);
}

TEST_P(EachCoding, StopsABombAtItsRatioWithFlatMemory) {
  const std::string bomb = Encode(GetParam(), std::string(48 * 1024 * 1024, '\0'));
  ASSERT_LT(bomb.size(), 200'000u);
  for (const std::size_t piece : {std::size_t{16}, std::size_t{4096}, bomb.size()}) {
    const Outcome outcome = DecodeInPieces(GetParam(), bomb, piece);
    EXPECT_FALSE(outcome.ok);
    EXPECT_EQ(outcome.code, ErrorCode::kPayloadTooLarge);
    // 1 MiB, or 200 times the input, and what one step makes; the room is never more than doubled.
    const std::size_t most = std::max<std::size_t>(1 << 20, 200 * outcome.read) + 64 * 1024;
    EXPECT_LE(outcome.body.size(), most) << "in pieces of " << piece;
    EXPECT_LE(outcome.body.capacity(), 2 * most) << "in pieces of " << piece;
  }
  DecodeLimits generous;
  generous.max_ratio = 1'000'000;
  EXPECT_TRUE(DecodeInPieces(GetParam(), bomb, 4096, generous).ok) << "dense, but well-formed";
}

TEST_P(EachCoding, StopsABombOfManyGigabytes) {
  // Ten megabytes in, about ten gigabytes out if nobody stopped it.
  const std::string block = Encode(GetParam(), std::string(8 * 1024 * 1024, 'a'));
  DecodeLimits limits;
  limits.max_ratio = 100'000'000;  // only the size stops it
  const std::unique_ptr<Decoder> decoder = Decoder::Create(GetParam(), limits);
  std::string drained;
  std::uint64_t total = 0;
  core::Status status;
  for (int i = 0; i < 1280 && status.has_value(); ++i) {
    drained.clear();  // as a caller that passes the output on
    status = decoder->Decode(block, drained);
    total += drained.size();
  }
  ASSERT_FALSE(status.has_value());
  EXPECT_LE(total, limits.max_output + 64 * 1024);
}

TEST(Compression, GzipMembersAndZstdFramesMayFollowOneAnother) {
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    const std::string text =
        Encode(coding, "hello ") + Encode(coding, "") + Encode(coding, "world");
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
      const Outcome outcome = DecodeInPieces(coding, text, piece);
      EXPECT_TRUE(outcome.ok && outcome.finished) << "in pieces of " << piece;
      EXPECT_EQ(outcome.body, "hello world");
    }
    EXPECT_FALSE(DecodeInPieces(coding, text.substr(0, text.size() - 1), 4).finished);
  }
  for (const Coding coding : {Coding::kDeflate, Coding::kBrotli}) {
    EXPECT_FALSE(DecodeInPieces(coding, Encode(coding, "a") + Encode(coding, "b"), 4).ok);
  }
}

TEST(Compression, FlippedBitsAreFoundByTheChecksum) {
  const std::string text = SomeText();
  for (const Coding coding : {Coding::kGzip, Coding::kDeflate}) {
    std::string encoded = Encode(coding, text);
    encoded[encoded.size() / 2] = static_cast<char>(encoded[encoded.size() / 2] ^ 0x10);
    const Outcome outcome = DecodeInPieces(coding, encoded, 100);
    EXPECT_FALSE(outcome.ok && outcome.finished);
  }
}

TEST(Compression, ZstdWindowsAreAtMostEightMebibytes) {
  // A frame header that asks for a window of 2^31 bytes (window log 31: exponent 21).
  const std::string frame = std::string("\x28\xb5\x2f\xfd\x00", 5) + static_cast<char>(21 << 3) +
                            std::string("\x01\x00\x00", 3);
  EXPECT_FALSE(DecodeInPieces(Coding::kZstd, frame, 1).ok);
}

TEST(Compression, ZstdIsWhatTheRfcSaysAndNoOlderFormat) {
  // The library would decode those from 0.5 to 0.7 too.
  const std::string rest("\xb5\x2f\xfd\x00\xe0\x02\x28", 7);
  const std::string magic("\x28\xb5\x2f\xfd", 4);
  for (const std::string& first :
       {std::string("\x25"), std::string("\x26"), std::string("\x27"), magic + "\x25"}) {
    for (const std::size_t piece : {1U, 3U, 4U, 16U}) {
      const Outcome outcome = DecodeInPieces(Coding::kZstd, first + rest, piece);
      EXPECT_FALSE(outcome.ok);
      EXPECT_EQ(outcome.code, ErrorCode::kInvalidRequest);
    }
  }
}

TEST(Compression, ZstdFramesToBeSkippedAreSkipped) {
  const std::string skipped("\x5a\x2a\x4d\x18\x03\x00\x00\x00xyz", 11);
  const std::string text = skipped + Encode(Coding::kZstd, "hello") + skipped;
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const Outcome outcome = DecodeInPieces(Coding::kZstd, text, piece);
    EXPECT_TRUE(outcome.ok && outcome.finished) << "in pieces of " << piece;
    EXPECT_EQ(outcome.body, "hello");
  }
  for (std::size_t cut = 1; cut < skipped.size(); ++cut) {
    EXPECT_FALSE(DecodeInPieces(Coding::kZstd, text.substr(0, text.size() - cut), 4).finished);
  }
}

TEST(Compression, KnowsItsNames) {
  EXPECT_EQ(ParseCoding(""), Coding::kIdentity);
  EXPECT_EQ(ParseCoding("identity"), Coding::kIdentity);
  EXPECT_EQ(ParseCoding(" GZip\t"), Coding::kGzip);
  EXPECT_EQ(ParseCoding("x-gzip"), Coding::kGzip);
  EXPECT_EQ(ParseCoding("deflate"), Coding::kDeflate);
  EXPECT_EQ(ParseCoding("br"), Coding::kBrotli);
  EXPECT_EQ(ParseCoding("zstd"), Coding::kZstd);
  EXPECT_EQ(ParseCoding("gzip, br"), std::nullopt);
  EXPECT_EQ(ParseCoding("gzip,"), std::nullopt);
  EXPECT_EQ(ParseCoding("compress"), std::nullopt);
  EXPECT_EQ(Decoder::Create(Coding::kIdentity, {}), nullptr);
  EXPECT_EQ(Encode(Coding::kIdentity, "abc"), "abc");
}

}  // namespace
}  // namespace signalbox::net
