#include "base/json/utf8.h"

#include <simdjson.h>

#include <cstdint>

namespace signalbox::json {
namespace {

struct Lead {
  std::size_t size;          // bytes of the sequence; 0: no sequence starts like this
  std::uint8_t second_from;  // bounds of the second byte (RFC 3629, section 4)
  std::uint8_t second_to;
};

constexpr Lead LeadOf(std::uint8_t byte) {
  if (byte < 0x80) {
    return {1, 0, 0};
  }
  if (byte >= 0xc2 && byte <= 0xdf) {
    return {2, 0x80, 0xbf};
  }
  if (byte >= 0xe0 && byte <= 0xef) {
    const auto from = static_cast<std::uint8_t>(byte == 0xe0 ? 0xa0 : 0x80);
    const auto to = static_cast<std::uint8_t>(byte == 0xed ? 0x9f : 0xbf);
    return {3, from, to};
  }
  if (byte >= 0xf0 && byte <= 0xf4) {
    const auto from = static_cast<std::uint8_t>(byte == 0xf0 ? 0x90 : 0x80);
    const auto to = static_cast<std::uint8_t>(byte == 0xf4 ? 0x8f : 0xbf);
    return {4, from, to};
  }
  return {0, 0, 0};
}

// Bytes of the well-formed sequence at `at`, 0 when there is none.
std::size_t SequenceSize(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
  const Lead lead = LeadOf(byte(0));
  if (lead.size == 0 || text.size() - at < lead.size) {
    return 0;
  }
  if (lead.size > 1 && (byte(1) < lead.second_from || byte(1) > lead.second_to)) {
    return 0;
  }
  for (std::size_t i = 2; i < lead.size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) {
      return 0;
    }
  }
  return lead.size;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::size_t FirstFlawInUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = SequenceSize(text, at);
    if (size == 0) {
      break;
    }
    at += size;
  }
  return at;
}

}  // namespace signalbox::json
