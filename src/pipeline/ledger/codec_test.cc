#include "pipeline/ledger/codec.h"

#include <gtest/gtest.h>

#include <cstring>

#include "pipeline/ledger/journal.h"
#include "pipeline/ledger/record_samples.h"

namespace signalbox::ledger {
namespace {

std::vector<std::byte> Encode(const Record& record) {
  std::vector<std::byte> bytes(EncodedSize(record), std::byte{0xee});
  EXPECT_EQ(EncodeRecord(record, {7, 3, 4096}, bytes.data()), bytes.size());
  return bytes;
}

TEST(Codec, AnIntentComesBackAsItWas) {
  Record record = SampleIntent(9);
  record.streamed = true;
  record.attempt = 4;
  const auto bytes = Encode(record);
  Record back;
  ASSERT_EQ(DecodeRecord(bytes, back), bytes.size());
  EXPECT_EQ(back.type, RecordType::kIntent);
  EXPECT_EQ(back.request, record.request);
  EXPECT_EQ(back.attempt, 4);
  EXPECT_EQ(back.time, record.time);
  EXPECT_TRUE(back.streamed);
  EXPECT_EQ(back.operation, 1);
  EXPECT_EQ(back.provider, "openai");
  EXPECT_EQ(back.model, "gpt-4o-mini");
  EXPECT_EQ(back.principal, "key_4f21");
  EXPECT_EQ(back.request_bytes, 709U);
}

TEST(Codec, ASettlementComesBackAsItWas) {
  Record record = SampleSettlement(9);
  record.outcome = Outcome::kCancelled;
  const auto bytes = Encode(record);
  Record back;
  ASSERT_EQ(DecodeRecord(bytes, back), bytes.size());
  EXPECT_EQ(back.type, RecordType::kSettlement);
  EXPECT_EQ(back.outcome, Outcome::kCancelled);
  EXPECT_EQ(back.status, 200);
  EXPECT_EQ(back.usage, record.usage);
  EXPECT_EQ(back.usage.reasoning, -1);
  EXPECT_EQ(back.answer_bytes, 900U);
  EXPECT_EQ(back.first_byte_us, 250'000U);
  EXPECT_EQ(back.total_us, 1'234'567U);
  EXPECT_EQ(back.cost_nano_usd, 1'500'000);
}

TEST(Codec, EveryUnitOfUsageComesBack) {
  const std::string text(255, 'x');
  Record record = LongestSettlement(text);
  const auto bytes = Encode(record);
  EXPECT_LE(bytes.size(), kMaxRecordBytes);
  EXPECT_GT(bytes.size(), kMaxRecordBytes - 16) << "room is kept for no more than that";
  Record back;
  ASSERT_EQ(DecodeRecord(bytes, back), bytes.size());
  EXPECT_EQ(back.usage, record.usage);
  EXPECT_EQ(back.usage_source, UsageSource::kCounted);
  EXPECT_TRUE(back.cost_stated);
  EXPECT_EQ(back.parties, record.parties);
  EXPECT_EQ(back.labels, record.labels);
  record.usage = {.input = 1, .searches = 7};
  ASSERT_NE(DecodeRecord(Encode(record), back), 0U);
  EXPECT_EQ(back.usage, record.usage);
}

TEST(Codec, WhomACallIsBookedOnComesBack) {
  for (Record record : {SampleIntent(9), SampleSettlement(9)}) {
    record.parties.tenant.uuid.bytes[15] = 1;
    record.parties.team.uuid.bytes[0] = 2;
    record.labels.end_user = "someone's own";
    record.labels.tags = "night,team=red";
    record.reserved_nano_usd = 77'000;
    record.usage.searches = record.type == RecordType::kSettlement ? 3 : -1;
    const auto bytes = Encode(record);
    Record back;
    ASSERT_NE(DecodeRecord(bytes, back), 0U);
    EXPECT_EQ(back.parties, record.parties);
    EXPECT_EQ(back.reserved_nano_usd, 77'000);
    EXPECT_EQ(back.labels.end_user, "someone's own");
    EXPECT_EQ(back.labels.tags, "night,team=red");
    EXPECT_EQ(back.labels.agent, "");
    EXPECT_EQ(back.usage, record.usage);
  }
}

TEST(Codec, AFrameOfTheVersionBeforeIsRead) {
  auto bytes = Encode(SampleSettlement(3));
  const auto as_version = [&](int version) {
    bytes[13] = static_cast<std::byte>(version);
    const std::uint64_t checksum = Checksum(std::span(bytes).subspan(8));
    std::memcpy(bytes.data(), &checksum, sizeof checksum);
    Record back;
    return DecodeRecord(bytes, back);
  };
  EXPECT_EQ(as_version(1), bytes.size());
  EXPECT_EQ(as_version(2), bytes.size());
  EXPECT_EQ(as_version(3), bytes.size());
  EXPECT_EQ(as_version(4), 0U);
}

TEST(Codec, WhatTheCacheAnsweredAndSavedComesBack) {
  Record record = SampleSettlement(9);
  record.usage = {};
  record.cost_nano_usd = 0;
  record.cached = true;
  for (const std::int64_t saved : {-1L, 0L, 77'000L}) {
    record.saved_nano_usd = saved;
    Record back;
    const auto bytes = Encode(record);
    ASSERT_NE(DecodeRecord(bytes, back), 0U);
    EXPECT_TRUE(back.cached);
    EXPECT_EQ(back.saved_nano_usd, saved);
    EXPECT_EQ(back.cost_nano_usd, 0);
    EXPECT_EQ(back.principal, record.principal);
  }
  Record other;
  ASSERT_NE(DecodeRecord(Encode(SampleSettlement(9)), other), 0U);
  EXPECT_FALSE(other.cached);
}

TEST(Codec, LongTextsAreCutAndEmptyOnesKept) {
  const std::string longer(1000, 'm');
  Record record = SampleSettlement(1);
  record.provider = "";
  record.model = longer;
  record.principal = longer;
  const auto bytes = Encode(record);
  EXPECT_LE(bytes.size(), kMaxRecordBytes);
  Record back;
  ASSERT_NE(DecodeRecord(bytes, back), 0U);
  EXPECT_EQ(back.provider, "");
  EXPECT_EQ(back.model, longer.substr(0, 255));
  EXPECT_EQ(back.principal, longer.substr(0, 255));
}

TEST(Codec, EveryFlippedBitAndEveryMissingByteIsSeen) {
  auto bytes = Encode(SampleSettlement(3));
  Record back;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(DecodeRecord(std::span(bytes).first(size), back), 0U) << size;
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto mask = std::byte(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    EXPECT_EQ(DecodeRecord(bytes, back), 0U) << bit;
    bytes[bit / 8] ^= mask;
  }
  EXPECT_EQ(DecodeRecord(bytes, back), bytes.size());
}

TEST(Codec, ACheckpointKeepsItsMarks) {
  std::vector<std::byte> bytes;
  const JournalMark marks[] = {{1, 2}, {0xffffffff, 1ULL << 50U}};
  SegmentLink before{.segment = 7, .hash = {}};
  before.hash.fill(std::byte{0x5a});
  EncodeCheckpoint(marks, before, bytes);
  Frame frame;
  ASSERT_EQ(DecodeFrame(bytes, frame), bytes.size());
  EXPECT_EQ(frame.type, FrameType::kCheckpoint);
  const auto back = DecodeCheckpoint(frame.bytes.subspan(kFrameHeaderBytes));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[1].journal, 0xffffffff);
  EXPECT_EQ(back[1].position, 1ULL << 50U);
  const auto link = DecodeLink(frame.bytes.subspan(kFrameHeaderBytes));
  ASSERT_TRUE(link.has_value());
  EXPECT_EQ(link->segment, 7U);
  EXPECT_EQ(link->hash, before.hash);
  Record record;
  EXPECT_EQ(DecodeRecord(bytes, record), 0U);
}

}  // namespace
}  // namespace signalbox::ledger
