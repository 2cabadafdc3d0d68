#include <bit>
#include <optional>

#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/usage_form.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace signalbox::openai_chat {
namespace {

using json::Value;

constexpr std::int64_t kMostTokens = 1'000'000'000'000;  // above it a count is nonsense

std::int64_t Count(const Value& object, std::string_view key) {
  const auto member = object.Find(key);
  const std::int64_t count = member ? member->AsInt().value_or(-1) : -1;
  return count > kMostTokens ? -1 : count < 0 ? -1 : count;
}

std::int64_t CountIn(const Value& object, std::string_view inner, std::string_view key) {
  const auto member = object.Find(inner);
  return member ? Count(*member, key) : -1;
}

std::int64_t First(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a : b;
}

// Where vendors state the tokens that came from their prompt cache: OpenAI and most others,
// DeepSeek, Moonshot, Mistral.
std::int64_t Cached(const Value& usage) {
  const std::int64_t detailed = CountIn(usage, "prompt_tokens_details", "cached_tokens");
  if (detailed >= 0) {
    return detailed;
  }
  const std::int64_t hits = Count(usage, "prompt_cache_hit_tokens");
  return First(hits, First(Count(usage, "cached_tokens"), Count(usage, "num_cached_tokens")));
}

constexpr std::string_view kUsageKey = R"("usage")";
constexpr std::string_view kBlank = " \t\r\n";

// Where the key stands at or after `from`; npos when nowhere.
std::size_t FindKey(std::string_view text, std::size_t from) {
  std::size_t at = from;
#if defined(__SSE2__)
  // A quote before a u is rare enough to look closer at each.
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i u = _mm_set1_epi8('u');
  for (; at + 17 <= text.size(); at += 16) {
    const auto* here = reinterpret_cast<const __m128i*>(text.data() + at);
    const auto* next = reinterpret_cast<const __m128i*>(text.data() + at + 1);
    const __m128i hits = _mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128(here), quote),
                                       _mm_cmpeq_epi8(_mm_loadu_si128(next), u));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits)); mask != 0; mask &= mask - 1) {
      const std::size_t hit = at + static_cast<std::size_t>(std::countr_zero(mask));
      if (text.substr(hit).starts_with(kUsageKey)) {
        return hit;
      }
    }
  }
#endif
  return text.find(kUsageKey, at);
}

// The text from the object of the only member `usage` on, wherever it stands; empty when there is
// none or more than one. Inside a string the key's quotes would be escaped, so it is not found
// there.
std::string_view OnlyUsage(std::string_view text) {
  const std::size_t key = FindKey(text, 0);
  if (key == std::string_view::npos) {
    return {};
  }
  const std::size_t colon = text.find_first_not_of(kBlank, key + kUsageKey.size());
  if (colon == std::string_view::npos || text[colon] != ':' ||
      FindKey(text, key + kUsageKey.size()) != std::string_view::npos) {
    return {};
  }
  const std::size_t value = text.find_first_not_of(kBlank, colon + 1);
  return value != std::string_view::npos && text[value] == '{' ? text.substr(value)
                                                               : std::string_view();
}

}  // namespace

chat::Usage ReadTokens(const Value& usage) {
  chat::Usage tokens;
  tokens.input = Count(usage, "prompt_tokens");
  tokens.output = Count(usage, "completion_tokens");
  tokens.cached = Cached(usage);
  tokens.reasoning = CountIn(usage, "completion_tokens_details", "reasoning_tokens");
  // xAI leaves reasoning out of completion_tokens, but not out of the total.
  if (tokens.reasoning > 0 && tokens.input >= 0 && tokens.output >= 0 &&
      Count(usage, "total_tokens") == tokens.input + tokens.output + tokens.reasoning) {
    tokens.output += tokens.reasoning;
  }
  return tokens;
}

chat::Usage ReadUsage(const Value& answer) {
  auto usage = answer.Find("usage");
  if (!usage || !usage->IsObject()) {
    const auto groq = answer.Find("x_groq");
    usage = groq ? groq->Find("usage") : std::nullopt;
  }
  return usage && usage->IsObject() ? ReadTokens(*usage) : chat::Usage{};
}

std::optional<chat::Usage> ReadAnswerUsage(std::string_view answer, json::Document& document) {
  const std::size_t first = answer.find_first_not_of(kBlank);
  const std::size_t last = answer.find_last_not_of(kBlank);
  if (first == std::string_view::npos || answer[first] != '{' || answer[last] != '}') {
    return std::nullopt;
  }
  // What is read by its key alone may stand twice: the first counts.
  constexpr json::Limits kLimits{.unique_keys = false};
  constexpr json::Limits kFirstValue{.unique_keys = false, .whole_text = false};
  if (const std::string_view usage = OnlyUsage(answer); !usage.empty()) {
    return document.Parse(usage, kFirstValue) ? std::optional(ReadTokens(document.Root()))
                                              : std::nullopt;
  }
  if (FindKey(answer, 0) == std::string_view::npos) {
    return chat::Usage{};
  }
  return document.Parse(answer, kLimits) ? std::optional(ReadUsage(document.Root())) : std::nullopt;
}

}  // namespace signalbox::openai_chat
