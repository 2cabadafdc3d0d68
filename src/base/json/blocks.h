// A handful of text bytes looked at together. Both kinds answer the same questions with one bit per
// byte, lowest bit first; Block is the faster one that every machine of this build has.
//
// Owner: the caller; reads kSize bytes at construction and keeps no pointer. Threads: plain data.
// Errors: none. Cancel: nothing to undo.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace signalbox::json {

// The bytes at `p`, the first one lowest.
template <typename Word>
inline std::uint64_t Load(const char* p) {
  Word word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = std::byteswap(word);
  }
  return word;
}

// The same of fewer bytes than a word: nothing beyond them is read, what is missing is zero.
inline std::uint64_t LoadPart(const char* p, unsigned size) {
  if (size >= 4) {
    return Load<std::uint32_t>(p) | Load<std::uint32_t>(p + size - 4) << 8 * (size - 4);
  }
  if (size == 0) {
    return 0;
  }
  return Load<std::uint8_t>(p) | Load<std::uint8_t>(p + size / 2) << 8 * (size / 2) |
         Load<std::uint8_t>(p + size - 1) << 8 * (size - 1);
}

// Eight bytes in one general register.
class SwarBlock {
 public:
  static constexpr unsigned kSize = 8;

  explicit SwarBlock(const char* p) : bytes_(Load<std::uint64_t>(p)) {}
  // Of `size` bytes, fewer than kSize; the others are zero.
  SwarBlock(const char* p, unsigned size) : bytes_(LoadPart(p, size)) {}

  // Bytes that a string's plain part cannot hold: quote, backslash, control characters.
  std::uint32_t Special() const {
    return Bits(Zeros(bytes_ ^ Fill('"')) | Zeros(bytes_ ^ Fill('\\')) |
                Zeros(bytes_ & Fill(0xe0)));
  }
  // Bytes outside ASCII.
  std::uint32_t High() const { return Bits(bytes_ & Fill(0x80)); }
  // Bytes that are not JSON white space.
  std::uint32_t NotSpace() const {
    return 0xffU ^ Bits(Zeros(bytes_ ^ Fill(' ')) | Zeros(bytes_ ^ Fill('\n')) |
                        Zeros(bytes_ ^ Fill('\r')) | Zeros(bytes_ ^ Fill('\t')));
  }

 private:
  static constexpr std::uint64_t Fill(std::uint8_t byte) { return 0x0101010101010101U * byte; }
  // 0x80 in each byte that is zero, exact for every byte (no carry crosses a byte).
  static constexpr std::uint64_t Zeros(std::uint64_t x) {
    return ~(((x & Fill(0x7f)) + Fill(0x7f)) | x | Fill(0x7f));
  }
  // Gathers the 0x80 bits of the bytes into the low eight bits.
  static constexpr std::uint32_t Bits(std::uint64_t flags) {
    return static_cast<std::uint32_t>(((flags >> 7U) * 0x0102040810204080U) >> 56U);
  }

  std::uint64_t bytes_;
};

#if defined(__SSE2__)
// Sixteen bytes in one vector register.
class Sse2Block {
 public:
  static constexpr unsigned kSize = 16;

  explicit Sse2Block(const char* p)
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))) {}
  Sse2Block(const char* p, unsigned size) : bytes_(Part(p, size)) {}

  std::uint32_t Special() const { return Mask(SpecialBytes()); }
  std::uint32_t High() const { return Mask(bytes_); }
  std::uint32_t NotSpace() const {
    const __m128i blank =
        _mm_or_si128(_mm_or_si128(Equal(' '), Equal('\n')), _mm_or_si128(Equal('\r'), Equal('\t')));
    return 0xffffU ^ Mask(blank);
  }

  __m128i bytes() const { return bytes_; }
  __m128i SpecialBytes() const {
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1f)), bytes_);
    return _mm_or_si128(_mm_or_si128(Equal('"'), Equal('\\')), control);
  }
  static std::uint32_t Mask(__m128i flags) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(flags));
  }

 private:
  static __m128i Part(const char* p, unsigned size) {
    if (size < 8) {
      return _mm_cvtsi64_si128(static_cast<std::int64_t>(LoadPart(p, size)));
    }
    // Two words that overlap; the second gives up what the first has.
    const std::uint64_t high = Load<std::uint64_t>(p + size - 8) >> 8 * (15 - size) >> 8U;
    return _mm_set_epi64x(static_cast<std::int64_t>(high),
                          static_cast<std::int64_t>(Load<std::uint64_t>(p)));
  }

  __m128i Equal(char byte) const { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte)); }

  __m128i bytes_;
};
using Block = Sse2Block;
#else
using Block = SwarBlock;
#endif

}  // namespace signalbox::json
