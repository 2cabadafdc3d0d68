#include <optional>

#include "vendors/dialects/openai_chat/fast_lane.h"
#include "vendors/dialects/openai_chat/usage_form.h"

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

}  // namespace signalbox::openai_chat
