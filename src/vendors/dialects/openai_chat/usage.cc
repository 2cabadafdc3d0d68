#include <cstring>
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

constexpr std::string_view kUsageKey = R"("usage")";

std::size_t FindKey(std::string_view text, std::size_t from) {
  const void* hit =
      memmem(text.data() + from, text.size() - from, kUsageKey.data(), kUsageKey.size());
  return hit == nullptr
             ? std::string_view::npos
             : static_cast<std::size_t>(static_cast<const char*>(hit) - text.data());
}

// The object at the start of `text`; empty when its end is not there.
std::string_view ObjectAt(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      i += c == '\\' ? 1 : 0;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return text.substr(0, i + 1);
    }
  }
  return {};
}

// The object of the only member `usage` in `text`, wherever it stands; empty when there is none or
// more than one. Inside a string the key's quotes would be escaped, so it is not found there.
std::string_view OnlyUsage(std::string_view text) {
  const std::size_t key = FindKey(text, 0);
  if (key == std::string_view::npos) {
    return {};
  }
  const std::size_t colon = text.find_first_not_of(" \t\r\n", key + kUsageKey.size());
  if (colon == std::string_view::npos || text[colon] != ':' ||
      FindKey(text, key + kUsageKey.size()) != std::string_view::npos) {
    return {};
  }
  const std::size_t value = text.find_first_not_of(" \t\r\n", colon + 1);
  return value != std::string_view::npos && text[value] == '{' ? ObjectAt(text.substr(value))
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
  const std::size_t first = answer.find_first_not_of(" \t\r\n");
  const std::size_t last = answer.find_last_not_of(" \t\r\n");
  if (first == std::string_view::npos || answer[first] != '{' || answer[last] != '}') {
    return std::nullopt;
  }
  // What is read by its key alone may stand twice: the first counts.
  constexpr json::Limits kLimits{.unique_keys = false};
  if (const std::string_view usage = OnlyUsage(answer); !usage.empty()) {
    return document.Parse(usage, kLimits) ? std::optional(ReadTokens(document.Root()))
                                          : std::nullopt;
  }
  if (FindKey(answer, 0) == std::string_view::npos) {
    return chat::Usage{};
  }
  return document.Parse(answer, kLimits) ? std::optional(ReadUsage(document.Root()))
                                         : std::nullopt;
}

}  // namespace signalbox::openai_chat
