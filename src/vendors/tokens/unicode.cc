#include "vendors/tokens/unicode.h"

namespace signalbox::tokens {

Glyph LongGlyph(std::string_view text) {
  const auto bits = [text](std::size_t i, unsigned mask) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]) & mask);
  };
  char32_t point = 0;
  std::uint8_t size = 2;
  if (const auto lead = static_cast<unsigned char>(text[0]); lead < 0xE0) {
    point = bits(0, 0x1F) << 6 | bits(1, 0x3F);
  } else if (lead < 0xF0) {
    point = bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
    size = 3;
  } else {
    point = bits(0, 0x07) << 18 | bits(1, 0x3F) << 12 | bits(2, 0x3F) << 6 | bits(3, 0x3F);
    size = 4;
  }
  return {point, size, ClassOf(point)};
}

}  // namespace signalbox::tokens
