#include "pipeline/ledger/codec.h"

// The whole of xxHash, inlined into this file alone.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "pipeline/ledger/codec_attribution.h"
#include "pipeline/ledger/journal.h"

namespace signalbox::ledger {
namespace {

static_assert(std::endian::native == std::endian::little, "the ledger's files are little-endian");

// 1 has no attribution, 2 nothing of the cache: frames of both are read as they are.
constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kOldestVersion = 1;
constexpr std::uint16_t kStreamedFlag = 1;
constexpr std::uint16_t kMoreUsageFlag = 2;
constexpr std::uint16_t kCostStatedFlag = 4;
constexpr std::uint16_t kAttributedFlag = 8;
constexpr std::uint16_t kCachedFlag = 16;

struct FrameHeader {
  std::uint64_t checksum;
  std::uint32_t size;
  std::uint8_t type;
  std::uint8_t version;
  std::uint16_t flags;
  std::uint32_t journal;
  std::uint32_t boot;
  std::uint64_t position;
};
static_assert(sizeof(FrameHeader) == kFrameHeaderBytes);

struct IntentBody {
  std::uint8_t request[16];
  std::int64_t time_ns;
  std::uint64_t request_bytes;
  std::uint16_t attempt;
  std::uint8_t operation;
  std::uint8_t provider_size;
  std::uint8_t model_size;
  std::uint8_t principal_size;
  std::uint16_t status;  // settlements only
};
static_assert(sizeof(IntentBody) == 40);

struct SettlementBody {
  std::int64_t tokens[4];  // input, output, cached, reasoning
  std::uint64_t answer_bytes;
  std::uint64_t total_us;
  std::int64_t cost_nano_usd;
  std::uint32_t first_byte_us;
  std::uint8_t outcome;
  std::uint8_t usage_source;
  std::uint8_t search_size;
  std::uint8_t unused;
};
static_assert(sizeof(SettlementBody) == 64);

// The units that most calls have not. At the end of a frame: a word with a bit for each that is
// known, then those, each eight bytes. New ones go to the end of the list.
using chat::Usage;
constexpr std::int64_t Usage::* kMoreUnits[] = {&Usage::cache_write,
                                                &Usage::cache_write_hour,
                                                &Usage::audio_input,
                                                &Usage::audio_cached,
                                                &Usage::audio_output,
                                                &Usage::image_input,
                                                &Usage::image_output,
                                                &Usage::citation,
                                                &Usage::images,
                                                &Usage::input_milliseconds,
                                                &Usage::output_milliseconds,
                                                &Usage::characters,
                                                &Usage::searches};

static_assert(((kFrameHeaderBytes + sizeof(IntentBody) + sizeof(SettlementBody) + 3 * kMaxText +
                kMaxAttributionBytes + 7) &
               ~std::size_t{7}) +
                  8 * (1 + std::size(kMoreUnits)) ==
              kMaxRecordBytes);

std::size_t MoreUsageSize(const Usage& usage) {
  std::size_t known = 0;
  for (const auto unit : kMoreUnits) {
    known += usage.*unit >= 0 ? 1 : 0;
  }
  return known == 0 ? 0 : 8 * (1 + known);
}

void PutMoreUsage(const Usage& usage, std::byte* out) {
  std::uint64_t known = 0;
  std::byte* at = out + sizeof known;
  for (std::size_t i = 0; i < std::size(kMoreUnits); ++i) {
    const std::int64_t count = usage.*kMoreUnits[i];
    if (count >= 0) {
      known |= std::uint64_t{1} << i;
      std::memcpy(at, &count, sizeof count);
      at += sizeof count;
    }
  }
  std::memcpy(out, &known, sizeof known);
}

// False when the bytes do not hold together. Units of a later version are left out.
bool TakeMoreUsage(std::span<const std::byte> bytes, Usage& out) {
  std::uint64_t known = 0;
  if (bytes.size() < sizeof known) {
    return false;
  }
  std::memcpy(&known, bytes.data(), sizeof known);
  bytes = bytes.subspan(sizeof known);
  if (bytes.size() < 8 * static_cast<std::size_t>(std::popcount(known))) {
    return false;
  }
  for (std::size_t i = 0; i < std::size(kMoreUnits); ++i) {
    if ((known >> i & 1U) != 0) {
      std::memcpy(&(out.*kMoreUnits[i]), bytes.data(), 8);
      bytes = bytes.subspan(8);
    }
  }
  return true;
}

std::uint64_t FrameChecksum(const std::byte* frame, std::size_t size) {
  constexpr std::size_t kSkip = sizeof(FrameHeader::checksum);
  return XXH3_64bits(frame + kSkip, size - kSkip);
}

// Adds header and checksum to a frame whose body is in place.
void Seal(FrameHeader header, std::byte* out) {
  header.checksum = 0;
  std::memcpy(out, &header, sizeof header);
  const std::uint64_t checksum = FrameChecksum(out, header.size);
  std::memcpy(out, &checksum, sizeof checksum);
}

constexpr std::size_t kMarkBytes = 16;
constexpr std::size_t kLinkBytes = 8 + sizeof(Digest);

bool HasLink(std::span<const std::byte> body) {
  return body.size() >= kLinkBytes && body.size() % kMarkBytes == kLinkBytes % kMarkBytes;
}

std::byte* Put(std::byte* out, std::string_view text) {
  const std::size_t size = CutSize(text);
  if (size != 0) {
    std::memcpy(out, text.data(), size);
  }
  return out + size;
}

}  // namespace

std::size_t EncodedSize(const Record& record) {
  const std::size_t fixed = kFrameHeaderBytes + sizeof(IntentBody) +
                            (record.type == RecordType::kSettlement ? sizeof(SettlementBody) : 0);
  const std::size_t texts = CutSize(record.provider) + CutSize(record.model) +
                            CutSize(record.principal) + AttributionSize(record);
  const std::size_t more = record.type == RecordType::kSettlement ? MoreUsageSize(record.usage) : 0;
  return ((fixed + texts + 7) & ~std::size_t{7}) + more;
}

std::size_t EncodeRecord(const Record& record, const Origin& origin, std::byte* out) {
  const std::size_t size = EncodedSize(record);
  const bool settlement = record.type == RecordType::kSettlement;
  IntentBody body{};
  std::memcpy(body.request, record.request.uuid.bytes.data(), sizeof body.request);
  body.time_ns = record.time.time_since_epoch().count();
  body.request_bytes = record.request_bytes;
  body.attempt = record.attempt;
  body.operation = record.operation;
  body.provider_size = static_cast<std::uint8_t>(CutSize(record.provider));
  body.model_size = static_cast<std::uint8_t>(CutSize(record.model));
  body.principal_size = static_cast<std::uint8_t>(CutSize(record.principal));
  body.status = settlement ? record.status : 0;

  const std::size_t more_size = settlement ? MoreUsageSize(record.usage) : 0;
  std::memset(out + size - more_size - 8, 0, 8);  // the padding is hashed too
  std::byte* at = out + kFrameHeaderBytes;
  std::memcpy(at, &body, sizeof body);
  at += sizeof body;
  if (settlement) {
    const SettlementBody more{
        {record.usage.input, record.usage.output, record.usage.cached, record.usage.reasoning},
        record.answer_bytes,
        record.total_us,
        record.cost_nano_usd,
        record.first_byte_us,
        static_cast<std::uint8_t>(record.outcome),
        static_cast<std::uint8_t>(record.usage_source),
        static_cast<std::uint8_t>(record.usage.search_size),
        0};
    std::memcpy(at, &more, sizeof more);
    at += sizeof more;
  }
  at = Put(Put(Put(at, record.provider), record.model), record.principal);
  const bool attributed = AttributionSize(record) != 0;
  if (attributed) {
    PutAttribution(record, at);
  }
  if (more_size != 0) {
    PutMoreUsage(record.usage, out + size - more_size);
  }
  const int flags = (record.streamed ? kStreamedFlag : 0) | (more_size != 0 ? kMoreUsageFlag : 0) |
                    (settlement && record.cost_stated ? kCostStatedFlag : 0) |
                    (attributed ? kAttributedFlag : 0) |
                    (settlement && record.cached ? kCachedFlag : 0);
  Seal({0, static_cast<std::uint32_t>(size), static_cast<std::uint8_t>(record.type), kVersion,
        static_cast<std::uint16_t>(flags), origin.journal, origin.boot, origin.position},
       out);
  return size;
}

// Marks are 16 bytes each, a link is 40: what is left over modulo 16 says whether there is one.
void EncodeCheckpoint(std::span<const JournalMark> marks, const SegmentLink& before,
                      std::vector<std::byte>& out) {
  const std::size_t start = out.size();
  const std::size_t size = kFrameHeaderBytes + marks.size() * kMarkBytes + kLinkBytes;
  out.resize(start + size);
  std::byte* at = out.data() + start + kFrameHeaderBytes;
  for (const JournalMark& mark : marks) {
    const std::uint64_t pair[2] = {mark.journal, mark.position};
    std::memcpy(at, pair, sizeof pair);
    at += sizeof pair;
  }
  std::memcpy(at, &before.segment, sizeof before.segment);
  std::memcpy(at + sizeof before.segment, before.hash.data(), before.hash.size());
  Seal({0, static_cast<std::uint32_t>(size), static_cast<std::uint8_t>(FrameType::kCheckpoint),
        kVersion, 0, 0, 0, 0},
       out.data() + start);
}

std::vector<JournalMark> DecodeCheckpoint(std::span<const std::byte> body) {
  if (HasLink(body)) {
    body = body.first(body.size() - kLinkBytes);
  }
  std::vector<JournalMark> marks;
  for (; body.size() >= kMarkBytes; body = body.subspan(kMarkBytes)) {
    std::uint64_t pair[2];
    std::memcpy(pair, body.data(), sizeof pair);
    marks.push_back({static_cast<std::uint32_t>(pair[0]), pair[1]});
  }
  return marks;
}

std::optional<SegmentLink> DecodeLink(std::span<const std::byte> body) {
  if (!HasLink(body)) {
    return std::nullopt;
  }
  const std::byte* at = body.data() + body.size() - kLinkBytes;
  SegmentLink link;
  std::memcpy(&link.segment, at, sizeof link.segment);
  std::memcpy(link.hash.data(), at + sizeof link.segment, link.hash.size());
  return link;
}

std::uint64_t Checksum(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::size_t PeekFrame(std::span<const std::byte> bytes, Frame& out) {
  FrameHeader header;
  if (bytes.size() < sizeof header) {
    return 0;
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  const bool checkpoint = header.type == static_cast<std::uint8_t>(FrameType::kCheckpoint);
  const std::size_t most = checkpoint ? kMaxFrameBytes : kMaxRecordBytes;
  if (header.size < sizeof header || header.size % 8 != 0 || header.size > most ||
      header.size > bytes.size() || header.version < kOldestVersion || header.version > kVersion ||
      header.type == 0 || header.type > static_cast<std::uint8_t>(FrameType::kCheckpoint)) {
    return 0;
  }
  out.type = static_cast<FrameType>(header.type);
  out.origin = {header.journal, header.boot, header.position};
  out.bytes = bytes.first(header.size);
  return header.size;
}

std::size_t DecodeFrame(std::span<const std::byte> bytes, Frame& out) {
  const std::size_t size = PeekFrame(bytes, out);
  if (size == 0) {
    return 0;
  }
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data(), sizeof checksum);
  return FrameChecksum(bytes.data(), size) == checksum ? size : 0;
}

CallKey KeyOf(const Frame& frame) {
  IntentBody body{};
  if (frame.bytes.size() >= kFrameHeaderBytes + sizeof body) {
    std::memcpy(&body, frame.bytes.data() + kFrameHeaderBytes, sizeof body);
  }
  CallKey key;
  std::memcpy(&key.high, body.request, 8);
  std::memcpy(&key.low, body.request + 8, 8);
  key.attempt = body.attempt;
  return key;
}

bool DecodeBody(const Frame& frame, Record& out) {
  if (frame.type == FrameType::kCheckpoint) {
    return false;
  }
  const bool settlement = frame.type == FrameType::kSettlement;
  const std::size_t fixed =
      kFrameHeaderBytes + sizeof(IntentBody) + (settlement ? sizeof(SettlementBody) : 0);
  if (frame.bytes.size() < fixed) {
    return false;
  }
  FrameHeader header;
  IntentBody body;
  std::memcpy(&header, frame.bytes.data(), sizeof header);
  std::memcpy(&body, frame.bytes.data() + kFrameHeaderBytes, sizeof body);
  std::size_t texts = std::size_t{body.provider_size} + body.model_size + body.principal_size;
  if (frame.bytes.size() < fixed + texts) {
    return false;
  }
  out = Record{};
  if ((header.flags & kAttributedFlag) != 0) {
    const auto taken = TakeAttribution(frame.bytes.subspan(fixed + texts), out);
    if (!taken) {
      return false;
    }
    texts += *taken;
  }
  out.type = settlement ? RecordType::kSettlement : RecordType::kIntent;
  std::memcpy(out.request.uuid.bytes.data(), body.request, sizeof body.request);
  out.attempt = body.attempt;
  out.time = core::WallTime(std::chrono::nanoseconds(body.time_ns));
  out.streamed = (header.flags & kStreamedFlag) != 0;
  out.operation = body.operation;
  out.request_bytes = body.request_bytes;
  const char* text = reinterpret_cast<const char*>(frame.bytes.data()) + fixed;
  out.provider = {text, body.provider_size};
  out.model = {text + body.provider_size, body.model_size};
  out.principal = {text + body.provider_size + body.model_size, body.principal_size};
  if (settlement) {
    SettlementBody more;
    std::memcpy(&more, frame.bytes.data() + kFrameHeaderBytes + sizeof body, sizeof more);
    out.outcome = static_cast<Outcome>(more.outcome);
    out.status = body.status;
    out.usage = {more.tokens[0], more.tokens[1], more.tokens[2], more.tokens[3]};
    out.usage.search_size = static_cast<chat::SearchSize>(more.search_size);
    out.usage_source = static_cast<UsageSource>(more.usage_source);
    out.cost_stated = (header.flags & kCostStatedFlag) != 0;
    out.cached = (header.flags & kCachedFlag) != 0;
    out.answer_bytes = more.answer_bytes;
    out.first_byte_us = more.first_byte_us;
    out.total_us = more.total_us;
    out.cost_nano_usd = more.cost_nano_usd;
    if ((header.flags & kMoreUsageFlag) != 0) {
      return TakeMoreUsage(frame.bytes.subspan((fixed + texts + 7) & ~std::size_t{7}), out.usage);
    }
  }
  return true;
}

std::size_t DecodeRecord(std::span<const std::byte> bytes, Record& out) {
  Frame frame;
  const std::size_t size = DecodeFrame(bytes, frame);
  return size != 0 && DecodeBody(frame, out) ? size : 0;
}

}  // namespace signalbox::ledger
