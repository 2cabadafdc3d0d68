// Records as bytes, the same in a ring and in an archive segment. Little-endian:
//
//   offset 0   u64  XXH3-64 of everything after this field
//          8   u32  size of the whole frame, a multiple of 8
//         12   u8   FrameType,  13 u8 version,  14 u16 flags (bit 0: streamed, 1: more units of
//                   usage at the end, 2: the upstream stated the cost, 3: attribution behind the
//                   texts, 4: answered by the cache)
//         16   u32  journal that wrote it (0: the archiver itself),  20 u32 boot of that journal
//         24   u64  position in that journal: rises by at least the frame's size from one to the
//         next 32        body
//
// Owner: nobody; pure functions over bytes. Threads: any. Errors: a frame that is not whole, not
// known or not what its checksum says is no frame. Budget: 20 ns to encode, 15 ns to check.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pipeline/ledger/digest.h"
#include "pipeline/ledger/record.h"

namespace signalbox::ledger {

enum class FrameType : std::uint8_t { kIntent = 1, kSettlement = 2, kCheckpoint = 3 };

inline constexpr std::size_t kFrameHeaderBytes = 32;
// Header, fixed fields, three texts of 255, all of the attribution, every unit of usage.
inline constexpr std::size_t kMaxRecordBytes = 3160;
inline constexpr std::size_t kMaxFrameBytes = 64U * 1024;  // a checkpoint of 4,000 journals

// Where a frame comes from.
struct Origin {
  std::uint32_t journal = 0;
  std::uint32_t boot = 0;
  std::uint64_t position = 0;
};

struct Frame {
  FrameType type = FrameType::kIntent;
  Origin origin;
  std::span<const std::byte> bytes;  // all of it
};

// The size `record` will have, at most kMaxRecordBytes.
std::size_t EncodedSize(const Record& record);

// Writes `record` to `out`, which has room for EncodedSize(record) bytes; returns that size.
std::size_t EncodeRecord(const Record& record, const Origin& origin, std::byte* out);

// How far each journal has been archived; the first frame of every segment.
struct JournalMark {
  std::uint32_t journal = 0;
  std::uint64_t position = 0;  // of the first byte that is not archived
};
// The segment before, as it was when it was closed.
struct SegmentLink {
  std::uint64_t segment = 0;  // 0: this is the first one
  Digest hash{};              // of the whole file
};
void EncodeCheckpoint(std::span<const JournalMark> marks, const SegmentLink& before,
                      std::vector<std::byte>& out);
std::vector<JournalMark> DecodeCheckpoint(std::span<const std::byte> body);
// nullopt: written before segments were chained.
std::optional<SegmentLink> DecodeLink(std::span<const std::byte> body);

// Reads the frame that starts `bytes`; returns its size, 0 when there is none.
std::size_t DecodeFrame(std::span<const std::byte> bytes, Frame& out);

// Like DecodeFrame without the checksum: for bytes that this process wrote itself.
std::size_t PeekFrame(std::span<const std::byte> bytes, Frame& out);

// The XXH3-64 of `bytes`.
std::uint64_t Checksum(std::span<const std::byte> bytes);

// Which call an intent or settlement is about.
struct CallKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint32_t attempt = 0;

  friend bool operator==(const CallKey&, const CallKey&) = default;
};
CallKey KeyOf(const Frame& frame);  // of a frame that PeekFrame accepted; not of a checkpoint

// Fills `out` from an intent or settlement; false when the body does not hold together.
bool DecodeBody(const Frame& frame, Record& out);

}  // namespace signalbox::ledger
