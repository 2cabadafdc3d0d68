// The ring file's bytes: what ring_file.cc writes and ring_scan.cc reads. Little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "pipeline/ledger/codec.h"
#include "pipeline/ledger/ring_file.h"

namespace signalbox::ledger::layout {

inline constexpr std::uint64_t kPage = 4096;
inline constexpr std::uint64_t kMagic = 0x31474e4952424753;  // "SGBRING1"
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint64_t kSlotSalt = 0x9e3779b97f4a7c15;  // so that zeros are not valid

// A value with its check, written one after the other; a kill between leaves the pair invalid.
struct Slot {
  std::uint64_t value;
  std::uint64_t check;

  bool valid() const { return (value ^ kSlotSalt) == check; }
};

struct Header {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t journal;
  std::uint64_t ring_bytes;
  std::uint64_t chunk_bytes;
  std::uint64_t checksum;  // of the fields above
  Slot boot;
  Slot archived[2];  // written in turn: one is always good
};
static_assert(sizeof(Header) <= kPage);

struct Entry {
  std::uint64_t sequence;
  std::uint64_t previous_end;  // offset at which the chunk with the sequence before ended
  std::uint64_t unused;
  std::uint64_t checksum;
};
static_assert(sizeof(Entry) == 32);

template <typename T>
std::uint64_t CheckOf(const T& value) {  // the checksum of what comes before the field `checksum`
  return Checksum(std::as_bytes(std::span(&value, 1)).first(offsetof(T, checksum)));
}

inline std::uint64_t DataOffset(std::uint64_t chunks) {
  const std::uint64_t directory = (chunks * sizeof(Entry) + kPage - 1) / kPage * kPage;
  return kPage + directory;
}

// Sanity of a header that was read: magic, version, checksum, sizes.
bool Good(const Header& header);

}  // namespace signalbox::ledger::layout
