#include "vendors/tokens/repair.h"

#include <cstddef>

namespace signalbox::tokens {
namespace {

struct Lead {
  std::size_t size = 1;
  unsigned char low = 0x80;  // of the second byte
  unsigned char high = 0xBF;
};

// Table 3-7 of the Unicode standard.
Lead LeadOf(unsigned char byte) {
  switch (byte) {
    case 0xE0:
      return {3, 0xA0, 0xBF};
    case 0xED:
      return {3, 0x80, 0x9F};
    case 0xF0:
      return {4, 0x90, 0xBF};
    case 0xF4:
      return {4, 0x80, 0x8F};
    default:
      break;
  }
  return byte >= 0xC2 && byte <= 0xDF   ? Lead{2}
         : byte >= 0xE1 && byte <= 0xEF ? Lead{3}
         : byte >= 0xF1 && byte <= 0xF3 ? Lead{4}
                                        : Lead{};
}

// Bytes at the start of `text` that are a character or the beginning of one, and whether it is all
// there.
struct Part {
  std::size_t size = 1;
  bool whole = false;
};

Part FirstPart(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const Lead lead = LeadOf(byte(0));
  if (lead.size == 1) {
    return {1, byte(0) < 0x80};
  }
  std::size_t size = 1;
  while (size < lead.size && size < text.size() && byte(size) >= (size == 1 ? lead.low : 0x80) &&
         byte(size) <= (size == 1 ? lead.high : 0xBF)) {
    ++size;
  }
  return {size, size == lead.size};
}

}  // namespace

std::string RepairUtf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  while (!text.empty()) {
    const Part part = FirstPart(text);
    repaired += part.whole ? text.substr(0, part.size) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(part.size);
  }
  return repaired;
}

}  // namespace signalbox::tokens
