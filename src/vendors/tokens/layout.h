// The vocabulary file: how it lies on the disk is how it is used. Plain data.
//
//   FileHeader
//   per encoding, each part aligned to 8 bytes:
//     pairs    65,536 ranks: of the token of two bytes a, b at [a * 256 + b], or kNoRank
//     slots    a table with open addressing (linear probing) over the hash of a token's bytes
//     records  per token of one byte or more: rank (4 bytes), length (1 byte), the bytes
//
// Little-endian. A look-up reads one slot, seldom two, and one record. Nothing is parsed when the
// file is opened; offsets are checked as they are used, so a damaged file gives wrong counts at
// worst.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "vendors/tokens/encoding.h"

namespace signalbox::tokens {

static_assert(std::endian::native == std::endian::little);

using Rank = std::uint32_t;
inline constexpr Rank kNoRank = 0xFFFF'FFFF;
inline constexpr std::size_t kPairs = 65'536;
inline constexpr std::size_t kRecordHead = sizeof(Rank) + 1;
inline constexpr std::size_t kLongestToken = 255;

// `record` is the offset of the record plus one; 0: the slot is free. `tag` is the upper half of
// the hash.
struct Slot {
  std::uint32_t tag = 0;
  std::uint32_t record = 0;
};

struct Section {
  std::uint64_t pairs = 0;  // offsets in the file
  std::uint64_t slots = 0;
  std::uint64_t records = 0;
  std::uint64_t records_size = 0;
  std::uint32_t slot_count = 0;
  std::uint32_t token_count = 0;
  std::uint32_t longest = 0;  // bytes of the longest token
  std::uint32_t unused = 0;
};

inline constexpr std::size_t kSections = std::size(kEncodings);

struct FileHeader {
  std::array<char, 8> magic{};
  std::uint64_t file_size = 0;
  std::array<Section, kSections> sections{};  // by Encoding
};

inline constexpr std::array<char, 8> kMagic = {'S', 'B', 'T', 'O', 'K', 'E', 'N', '1'};

// The hash of a token's bytes: eight at a time, multiplied and folded.
inline std::uint64_t HashOf(std::string_view bytes) {
  constexpr std::uint64_t kMultiplier = 0x9E37'79B9'7F4A'7C15;  // 2^64 / golden ratio
  std::uint64_t hash = bytes.size() * kMultiplier;
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), size);
    hash = (hash ^ word) * kMultiplier;
    hash ^= hash >> 32;
    bytes.remove_prefix(size);
  }
  return hash * kMultiplier;
}

// Where the search for a hash begins: its upper half, scaled to the number of slots.
inline std::uint32_t TagOf(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}
inline std::uint32_t HomeOf(std::uint64_t hash, std::uint32_t slot_count) {
  return static_cast<std::uint32_t>((hash & 0xFFFF'FFFF) * slot_count >> 32);
}

}  // namespace signalbox::tokens
