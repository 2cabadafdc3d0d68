// Where the next interesting byte is: the loops over plain string bytes and white space that the
// validator and the writer share.
//
// Owner: none; pure functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/json/blocks.h"

namespace signalbox::json {

// What a look at the next bytes showed; bits at and over `size` are zero.
struct Window {
  std::uint64_t special;  // which bytes a string's plain part cannot hold
  std::uint64_t high;     // not zero when a byte is outside ASCII
  unsigned size;          // bytes looked at, at most 64
};

// The last bytes of a text, fewer than a block.
template <typename B>
inline Window LookNearEnd(const char* p, const char* end) {
  const auto size = static_cast<unsigned>(end - p);
  const B block(p, size);
  const std::uint32_t valid = (1U << size) - 1U;
  return {block.Special() & valid, block.High() & valid, size};
}

// One block, for strings that are probably short.
template <typename B>
inline Window Look(const char* p, const char* end) {
  if (static_cast<std::size_t>(end - p) >= B::kSize) [[likely]] {
    const B block(p);
    return {block.Special(), block.High(), B::kSize};
  }
  return LookNearEnd<B>(p, end);
}

// For strings that went on after a first look: moves *p over plain bytes in large steps (*high
// collects whether some were outside ASCII) and shows what follows.
template <typename B>
inline Window LookFar(const char** p, const char* end, std::uint64_t*) {
  return Look<B>(*p, end);
}

#if defined(__SSE2__)
template <>
inline Window LookFar<Sse2Block>(const char** p, const char* end, std::uint64_t* high) {
  while (end - *p >= 64) {
    const Sse2Block a(*p);
    const Sse2Block b(*p + 16);
    const Sse2Block c(*p + 32);
    const Sse2Block d(*p + 48);
    const __m128i ab = _mm_or_si128(a.SpecialBytes(), b.SpecialBytes());
    const __m128i cd = _mm_or_si128(c.SpecialBytes(), d.SpecialBytes());
    *high |= Sse2Block::Mask(
        _mm_or_si128(_mm_or_si128(a.bytes(), b.bytes()), _mm_or_si128(c.bytes(), d.bytes())));
    if (Sse2Block::Mask(_mm_or_si128(ab, cd)) != 0) {
      return {a.Special() | std::uint64_t{b.Special()} << 16U | std::uint64_t{c.Special()} << 32U |
                  std::uint64_t{d.Special()} << 48U,
              0, 64};
    }
    *p += 64;
  }
  return Look<Sse2Block>(*p, end);
}
#endif

constexpr bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Runs of two or more: indentation.
template <typename B>
[[gnu::noinline]] inline const char* SkipSpaceRun(const char* p, const char* end) {
  while (static_cast<std::size_t>(end - p) >= B::kSize) {
    const std::uint32_t other = B(p).NotSpace();
    if (other != 0) {
      return p + std::countr_zero(other);
    }
    p += B::kSize;
  }
  while (p != end && IsSpace(*p)) {
    ++p;
  }
  return p;
}

// The first byte at or after `p` that is not white space, or `end`.
template <typename B>
inline const char* SkipSpace(const char* p, const char* end) {
  if (p == end || static_cast<std::uint8_t>(*p) > ' ') [[likely]] {
    return p;
  }
  if (*p == ' ' && p + 1 != end && static_cast<std::uint8_t>(p[1]) > ' ') {
    return p + 1;
  }
  return SkipSpaceRun<B>(p, end);
}

}  // namespace signalbox::json
