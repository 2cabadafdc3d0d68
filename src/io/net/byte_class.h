// Which bytes may stand where in HTTP/1.1 framing (RFC 9110 5.6, RFC 3986 3.3), and fast ways past
// them.
//
// Owner: none. Threads: pure functions. Errors: none. Cancel: nothing to undo.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace signalbox::net {

enum ByteClass : std::uint8_t {
  kTokenByte = 1,  // tchar
  kPathByte = 2,   // pchar and '/'
  kQueryByte = 4,  // what browsers leave raw after '?': 0x21-0x7e without '#'
  kValueByte = 8,  // field value: HTAB, 0x20-0x7e, obs-text
  kHostByte = 16,  // unreserved: what a host name is made of
  kHexByte = 32,
};

namespace internal {

consteval std::array<std::uint8_t, 256> ByteClasses() {
  constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
  constexpr std::string_view kPathMarks = "/:@!$&'()*+,;=%-._~";
  std::array<std::uint8_t, 256> classes{};
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool digit = byte >= '0' && byte <= '9';
    const bool alpha = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool marked_token = kTokenMarks.find(c) != std::string_view::npos;
    const bool marked_path = kPathMarks.find(c) != std::string_view::npos;
    std::uint8_t bits = 0;
    if (digit || alpha || marked_token) bits |= kTokenByte;
    if (digit || alpha || marked_path) bits |= kPathByte;
    if (byte > 0x20 && byte < 0x7f && byte != '#') bits |= kQueryByte;
    if (byte == '\t' || (byte >= 0x20 && byte != 0x7f)) bits |= kValueByte;
    if (digit || alpha || c == '-' || c == '.' || c == '_' || c == '~') bits |= kHostByte;
    if (digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F')) bits |= kHexByte;
    classes[static_cast<std::size_t>(byte)] = bits;
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kByteClasses = ByteClasses();

}  // namespace internal

inline bool Is(char byte, ByteClass which) {
  return (internal::kByteClasses[static_cast<unsigned char>(byte)] & which) != 0;
}

// The first byte in [at, end) that is not of the class, or end.
inline const char* SkipWhile(const char* at, const char* end, ByteClass which) {
  while (at != end && Is(*at, which)) ++at;
  return at;
}

inline const char* SkipBlanks(const char* at, const char* end) {
  while (at != end && (*at == ' ' || *at == '\t')) ++at;
  return at;
}

// The first byte in [at, end) that a field value may not hold, or end.
inline const char* SkipValue(const char* at, const char* end) {
#ifdef __SSE2__
  const __m128i top_control = _mm_set1_epi8(0x1f);
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i del = _mm_set1_epi8(0x7f);
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, top_control), block);
    const __m128i refused = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(block, tab), control),
                                         _mm_cmpeq_epi8(block, del));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(refused));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  return SkipWhile(at, end, kValueByte);
}

// The first LF or CR in [at, end), or end.
inline const char* FindLineEnd(const char* at, const char* end) {
#ifdef __SSE2__
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i cr = _mm_set1_epi8('\r');
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(block, lf), _mm_cmpeq_epi8(block, cr));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(ends));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && *at != '\n' && *at != '\r') ++at;
  return at;
}

}  // namespace signalbox::net
