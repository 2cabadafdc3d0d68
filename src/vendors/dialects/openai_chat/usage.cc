#include <algorithm>
#include <bit>
#include <iterator>
#include <optional>

#include "vendors/catalog/bill.h"
#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/usage_form.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace signalbox::openai_chat {
namespace {

using json::Value;

constexpr std::int64_t kMostTokens = 1'000'000'000'000;  // above it a count is nonsense

std::int64_t Count(const Value& value) {
  const std::int64_t count = value.AsInt().value_or(-1);
  return count > kMostTokens ? -1 : std::max<std::int64_t>(count, -1);
}

// A member of an object that is a count of something.
struct Counted {
  std::string_view key;
  std::int64_t chat::Usage::* unit;
};
using chat::Usage;

constexpr Counted kInputDetails[] = {{"cached_tokens", &Usage::cached},
                                     {"audio_tokens", &Usage::audio_input},
                                     {"image_tokens", &Usage::image_input},
                                     {"cache_write_tokens", &Usage::cache_write}};
constexpr Counted kOutputDetails[] = {{"reasoning_tokens", &Usage::reasoning},
                                      {"audio_tokens", &Usage::audio_output},
                                      {"image_tokens", &Usage::image_output}};
constexpr Counted kCounts[] = {{"prompt_tokens", &Usage::input},
                               {"completion_tokens", &Usage::output},
                               {"citation_tokens", &Usage::citation},
                               {"num_search_queries", &Usage::searches}};
// Where vendors state the tokens that came from their prompt cache, when it is not in the details:
// DeepSeek, Moonshot, Mistral; the first of them counts.
constexpr std::string_view kCachedKeys[] = {"prompt_cache_hit_tokens", "cached_tokens",
                                            "num_cached_tokens"};

template <std::size_t size>
bool TakeCount(std::string_view key, const Value& value, const Counted (&counts)[size],
               Usage& out) {
  for (const Counted& count : counts) {
    if (key == count.key) {
      out.*count.unit = Count(value);
      return true;
    }
  }
  return false;
}

template <std::size_t size>
void TakeDetails(const Value& object, const Counted (&counts)[size], Usage& out) {
  std::string unescaped;
  json::ForEachMember(object, [&](const Value& key, const Value& value) {
    TakeCount(*key.AsText(unescaped), value, counts, out);
  });
}

chat::SearchSize ReadSearchSize(const Value& value) {
  std::string unescaped;
  const std::string_view text = value.AsText(unescaped).value_or("");
  return text == "low"      ? chat::SearchSize::kLow
         : text == "medium" ? chat::SearchSize::kMedium
         : text == "high"   ? chat::SearchSize::kHigh
                            : chat::SearchSize::kUnknown;
}

// A price as a vendor writes it, in dollars; no price at all is none.
std::optional<catalog::NanoUsd> ReadDollars(const Value& value) {
  const auto pico = catalog::ReadUsdRounded(value.Raw(), catalog::Per::kOne);
  return pico ? std::optional(catalog::NanoUsd{(*pico + 500) / 1000}) : std::nullopt;
}

// What vendors say that the call cost: OpenRouter a number of dollars, Perplexity an object with
// the sum, xAI ten-billionths of a dollar.
std::optional<catalog::NanoUsd> ReadCost(std::string_view key, const Value& value) {
  if (key == "cost_in_usd_ticks") {
    const std::int64_t ticks = Count(value);
    return ticks >= 0 ? std::optional(catalog::NanoUsd{(ticks + 5) / 10}) : std::nullopt;
  }
  if (value.IsObject()) {
    const auto sum = value.Find("total_cost");
    return sum && sum->IsNumber() ? ReadDollars(*sum) : std::nullopt;
  }
  return value.IsNumber() ? ReadDollars(value) : std::nullopt;
}

bool IsCost(std::string_view key) {
  return key == "cost" || key == "cost_in_usd_ticks";
}

// The members of a `usage` object, in one pass.
class UsageReader {
 public:
  explicit UsageReader(const Value& usage) {
    std::string unescaped;
    json::ForEachMember(
        usage, [&](const Value& key, const Value& value) { Take(*key.AsText(unescaped), value); });
    Finish();
  }
  const catalog::Bill& bill() const { return bill_; }

 private:
  void Take(std::string_view key, const Value& value) {
    Usage& usage = bill_.usage;
    if (TakeCount(key, value, kCounts, usage)) {
      return;
    }
    if (key == "total_tokens") {
      total_ = Count(value);
    } else if (key == "prompt_tokens_details") {
      TakeDetails(value, kInputDetails, usage);
    } else if (key == "completion_tokens_details") {
      TakeDetails(value, kOutputDetails, usage);
    } else if (IsCost(key)) {
      bill_.stated = ReadCost(key, value);
    } else if (key == "search_context_size") {
      usage.search_size = ReadSearchSize(value);
    } else {
      for (std::size_t i = 0; i < std::size(kCachedKeys); ++i) {
        if (key == kCachedKeys[i]) {
          cached_[i] = Count(value);
        }
      }
    }
  }

  void Finish() {
    Usage& usage = bill_.usage;
    for (const std::int64_t cached : cached_) {
      usage.cached = usage.cached >= 0 ? usage.cached : cached;
    }
    // xAI leaves reasoning out of completion_tokens, but not out of the total.
    if (usage.reasoning > 0 && usage.input >= 0 && usage.output >= 0 &&
        total_ == usage.input + usage.output + usage.reasoning) {
      usage.output += usage.reasoning;
    }
    // Perplexity bills each request for its search, and says how large that was.
    if (usage.search_size != chat::SearchSize::kUnknown && usage.searches < 0) {
      usage.searches = 1;
    }
  }

  catalog::Bill bill_;
  std::int64_t total_ = -1;
  std::int64_t cached_[std::size(kCachedKeys)] = {-1, -1, -1};
};

constexpr std::string_view kUsageKey = R"("usage")";
constexpr std::string_view kTierKey = R"("service_tier")";
constexpr std::string_view kBlank = " \t\r\n";

// Where `key` stands at or after `from`; npos when nowhere.
std::size_t FindKey(std::string_view text, std::string_view key, std::size_t from) {
  std::size_t at = from;
#if defined(__SSE2__)
  // A quote before the key's first letter is rare enough to look closer at each.
  const __m128i quote = _mm_set1_epi8(key[0]);
  const __m128i letter = _mm_set1_epi8(key[1]);
  for (; at + 17 <= text.size(); at += 16) {
    const auto* here = reinterpret_cast<const __m128i*>(text.data() + at);
    const auto* next = reinterpret_cast<const __m128i*>(text.data() + at + 1);
    const __m128i hits = _mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128(here), quote),
                                       _mm_cmpeq_epi8(_mm_loadu_si128(next), letter));
    for (auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits)); mask != 0; mask &= mask - 1) {
      const std::size_t hit = at + static_cast<std::size_t>(std::countr_zero(mask));
      if (text.substr(hit).starts_with(key)) {
        return hit;
      }
    }
  }
#endif
  return text.find(key, at);
}

// Where the value of the only member `key` begins, wherever that stands; npos when there is none or
// more than one. Inside a string the key's quotes would be escaped, so it is not found there.
std::size_t OnlyValue(std::string_view text, std::string_view key) {
  constexpr std::size_t kNowhere = std::string_view::npos;
  const std::size_t at = FindKey(text, key, 0);
  if (at == kNowhere) {
    return kNowhere;
  }
  const std::size_t colon = text.find_first_not_of(kBlank, at + key.size());
  if (colon == kNowhere || text[colon] != ':' || FindKey(text, key, at + key.size()) != kNowhere) {
    return kNowhere;
  }
  return text.find_first_not_of(kBlank, colon + 1);
}

// The text from the object of the only member `usage` on; empty when there is none.
std::string_view OnlyUsage(std::string_view text) {
  const std::size_t value = OnlyValue(text, kUsageKey);
  return value != std::string_view::npos && text[value] == '{' ? text.substr(value)
                                                               : std::string_view();
}

// The tier of service that a vendor calls so; who says nothing, or something of its own, has served
// in the usual one.
catalog::ServiceTier TierNamed(std::string_view name) {
  return catalog::FindServiceTier(name).value_or(catalog::ServiceTier::kStandard);
}

catalog::ServiceTier TierIn(std::string_view answer) {
  const std::size_t value = OnlyValue(answer, kTierKey);
  if (value == std::string_view::npos || answer[value] != '"') {
    return catalog::ServiceTier::kStandard;
  }
  return TierNamed(answer.substr(value + 1, answer.find('"', value + 1) - value - 1));
}

}  // namespace

chat::Usage ReadTokens(const Value& usage) {
  return UsageReader(usage).bill().usage;
}

catalog::Bill ReadBill(const Value& answer) {
  auto usage = answer.Find("usage");
  if (!usage || !usage->IsObject()) {
    const auto groq = answer.Find("x_groq");
    usage = groq ? groq->Find("usage") : std::nullopt;
  }
  if (!usage || !usage->IsObject()) {
    return {};
  }
  catalog::Bill bill = UsageReader(*usage).bill();
  std::string unescaped;
  if (const auto tier = answer.Find("service_tier")) {
    bill.tier = TierNamed(tier->AsText(unescaped).value_or(""));
  }
  return bill;
}

catalog::Bill BillOf(const chat::UsageReport& usage, std::string_view service_tier) {
  catalog::Bill bill{.usage = usage.tokens, .tier = TierNamed(service_tier), .stated = {}};
  for (const chat::Member& member : usage.extra) {
    json::Document document;
    if (IsCost(member.key) && document.Parse(member.value)) {
      bill.stated = ReadCost(member.key, document.Root());
    }
  }
  return bill;
}

std::optional<catalog::Bill> ReadBill(std::string_view answer, json::Document& document) {
  const std::size_t first = answer.find_first_not_of(kBlank);
  const std::size_t last = answer.find_last_not_of(kBlank);
  if (first == std::string_view::npos || answer[first] != '{' || answer[last] != '}') {
    return std::nullopt;
  }
  // What is read by its key alone may stand twice: the first counts.
  constexpr json::Limits kLimits{.unique_keys = false};
  constexpr json::Limits kFirstValue{.unique_keys = false, .whole_text = false};
  catalog::Bill bill;
  if (const std::string_view usage = OnlyUsage(answer); !usage.empty()) {
    if (!document.Parse(usage, kFirstValue)) {
      return std::nullopt;
    }
    bill = UsageReader(document.Root()).bill();
  } else if (FindKey(answer, kUsageKey, 0) != std::string_view::npos) {
    if (!document.Parse(answer, kLimits)) {
      return std::nullopt;
    }
    return ReadBill(document.Root());
  } else {
    return bill;
  }
  bill.tier = TierIn(answer);
  return bill;
}

}  // namespace signalbox::openai_chat
