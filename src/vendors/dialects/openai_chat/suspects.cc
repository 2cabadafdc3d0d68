#include "vendors/dialects/openai_chat/suspects.h"

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace signalbox::openai_chat {
namespace {

std::size_t SkipBlank(std::string_view text, std::size_t at) {
  while (at < text.size() &&
         (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
    ++at;
  }
  return at;
}

// The first byte of the value of the key that ends before `at`; 0 when no colon follows.
char ValueAfterKey(std::string_view text, std::size_t at) {
  at = SkipBlank(text, at);
  if (at >= text.size() || text[at] != ':') {
    return 0;
  }
  at = SkipBlank(text, at + 1);
  return at < text.size() ? text[at] : '\0';
}

// `at` holds a quote before u or e, or a backslash before u.
bool Matters(std::string_view frame, std::size_t at) {
  const std::string_view rest = frame.substr(at);
  if (rest.starts_with(R"("usage")")) {
    return ValueAfterKey(frame, at + 7) == '{';
  }
  if (rest.starts_with(R"("error")")) {
    return ValueAfterKey(frame, at + 7) != 'n';
  }
  // A letter written as an escape: \u0061 to \u007a. Nobody does, but a key could be hidden so.
  return rest.starts_with("\\u006") || rest.starts_with("\\u007");
}

bool IsSuspicious(char first, char second) {
  return (first == '"' && (second == 'u' || second == 'e')) || (first == '\\' && second == 'u');
}

}  // namespace

bool MayMatter(std::string_view frame) {
  std::size_t at = 0;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i u = _mm_set1_epi8('u');
  const __m128i e = _mm_set1_epi8('e');
  for (; at + 17 <= frame.size(); at += 16) {
    const auto* p = reinterpret_cast<const __m128i*>(frame.data() + at);
    const auto* q = reinterpret_cast<const __m128i*>(frame.data() + at + 1);
    const __m128i first = _mm_loadu_si128(p);
    const __m128i second = _mm_loadu_si128(q);
    const __m128i before_u =
        _mm_or_si128(_mm_cmpeq_epi8(first, quote), _mm_cmpeq_epi8(first, backslash));
    const __m128i hits =
        _mm_or_si128(_mm_and_si128(before_u, _mm_cmpeq_epi8(second, u)),
                     _mm_and_si128(_mm_cmpeq_epi8(first, quote), _mm_cmpeq_epi8(second, e)));
    auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
    for (; mask != 0; mask &= mask - 1) {
      if (Matters(frame, at + static_cast<std::size_t>(__builtin_ctz(mask)))) {
        return true;
      }
    }
  }
#endif
  for (; at + 1 < frame.size(); ++at) {
    if (IsSuspicious(frame[at], frame[at + 1]) && Matters(frame, at)) {
      return true;
    }
  }
  return false;
}

}  // namespace signalbox::openai_chat
