#include "vendors/tokens/models.h"

#include <algorithm>
#include <string>

namespace signalbox::tokens {
namespace {

// Tokens that begin an answer of OpenAI's: <|start|>assistant<|message|>, without the last one for
// models that think first (seen on o3, gpt-5-mini and gpt-5-nano).
constexpr int kSpeaks = 3;
constexpr int kThinks = 2;

// By Family, from recorded usage; README.md. Llama's template states dates, hence the 30.
constexpr Framing kFramings[kFamilies] = {{4, kSpeaks}, {4, 3}, {4, 3}, {0, 0}, {5, 30},
                                          {3, 1},       {2, 2}, {3, 3}, {4, 3}};

struct Row {
  std::string_view name;  // the whole name, or the part before '-', ':' or '@'; "x." any x.…
  Encoding encoding;
  int priming;
};

// The first that matches. gpt-5-chat does not think; gpt-oss is left out, because whoever serves it
// puts a system message of its own in front.
constexpr Row kRows[] = {
    {"gpt-5-chat", Encoding::kO200k, kSpeaks},
    {"gpt-5", Encoding::kO200k, kThinks},
    {"gpt-5.", Encoding::kO200k, kThinks},
    {"gpt-4o", Encoding::kO200k, kSpeaks},
    {"gpt-4.1", Encoding::kO200k, kSpeaks},
    {"gpt-4.5", Encoding::kO200k, kSpeaks},
    {"chatgpt-4o", Encoding::kO200k, kSpeaks},
    {"o1", Encoding::kO200k, kThinks},
    {"o3", Encoding::kO200k, kThinks},
    {"o4-mini", Encoding::kO200k, kThinks},
    {"codex-mini", Encoding::kO200k, kThinks},
    {"gpt-audio", Encoding::kO200k, kSpeaks},
    {"gpt-4", Encoding::kCl100k, kSpeaks},
    {"gpt-3.5", Encoding::kCl100k, kSpeaks},
    {"gpt-35", Encoding::kCl100k, kSpeaks},  // Azure's spelling
    {"text-embedding-3", Encoding::kCl100k, kSpeaks},
    {"text-embedding-ada-002", Encoding::kCl100k, kSpeaks},
    {"davinci-002", Encoding::kCl100k, kSpeaks},
    {"babbage-002", Encoding::kCl100k, kSpeaks},
};

struct FamilyRow {
  std::string_view part;  // anywhere in the name
  Family family;
};

// The first that matches: distilled models carry two names, and have the tokenizer of the second.
constexpr FamilyRow kFamilyRows[] = {
    {"llama", Family::kLlama},
    {"qwen", Family::kQwen},
    {"qwq", Family::kQwen},
    {"claude-opus-4-7", Family::kClaudeNew},
    {"claude-opus-4.7", Family::kClaudeNew},
    {"claude-opus-4-8", Family::kClaudeNew},
    {"claude-opus-4.8", Family::kClaudeNew},
    {"claude-opus-5", Family::kClaudeNew},
    {"claude-sonnet-5", Family::kClaudeNew},
    {"claude", Family::kClaude},
    {"gemini", Family::kGemini},
    {"gemma", Family::kGemini},
    {"mistral", Family::kMistral},
    {"mixtral", Family::kMistral},
    {"codestral", Family::kMistral},
    {"ministral", Family::kMistral},
    {"magistral", Family::kMistral},
    {"devstral", Family::kMistral},
    {"pixtral", Family::kMistral},
    {"voxtral", Family::kMistral},
    {"deepseek", Family::kDeepSeek},
    {"gpt-", Family::kOpenAi},
    {"chatgpt", Family::kOpenAi},
    {"text-embedding", Family::kOpenAi},
    {"davinci", Family::kOpenAi},
    {"babbage", Family::kOpenAi},
    {"sonar", Family::kLlama},
};

std::string Lower(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

bool Is(std::string_view name, std::string_view row) {
  return name.starts_with(row) &&
         (name.size() == row.size() || row.ends_with('.') ||
          std::string_view("-:@").find(name[row.size()]) != std::string_view::npos);
}

}  // namespace

std::string_view Name(Family family) {
  static constexpr std::string_view kNames[kFamilies] = {
      "openai", "claude", "claude-new", "gemini", "llama", "mistral", "deepseek", "qwen", "other"};
  return kNames[static_cast<std::size_t>(family)];
}

namespace {

const Row* Find(std::string_view model) {
  const std::string lower = Lower(model);
  std::string_view name = lower;
  if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  if (name.starts_with("ft:")) {
    name.remove_prefix(3);
  }
  for (const Row& row : kRows) {
    if (Is(name, row.name)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Encoding> EncodingOf(std::string_view model) {
  const Row* const row = Find(model);
  return row != nullptr ? std::optional(row->encoding) : std::nullopt;
}

Framing FramingOf(std::string_view model) {
  Framing framing = kFramings[static_cast<std::size_t>(FamilyOf(model))];
  if (const Row* const row = Find(model); row != nullptr) {
    framing.per_call = row->priming;
  }
  return framing;
}

Family FamilyOf(std::string_view model) {
  if (Find(model) != nullptr) {
    return Family::kOpenAi;
  }
  const std::string lower = Lower(model);
  for (const FamilyRow& row : kFamilyRows) {
    if (lower.find(row.part) != std::string::npos) {
      return row.family;
    }
  }
  return Family::kOther;
}

}  // namespace signalbox::tokens
