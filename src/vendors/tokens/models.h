// Which tokenizer a model has, by its name.
//
// Owner: nobody, constant tables. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "vendors/tokens/encoding.h"

namespace signalbox::tokens {

// Vendors' tokenizers as far as texts of the same length have about as many tokens.
enum class Family : std::uint8_t {
  kOpenAi,
  kClaude,
  kClaudeNew,  // from Opus 4.7 on: more tokens for the same text
  kGemini,
  kLlama,
  kMistral,
  kDeepSeek,
  kQwen,
  kOther,
};
inline constexpr std::size_t kFamilies = 9;

std::string_view Name(Family family);

// What stands around the texts of a conversation, in tokens.
struct Framing {
  int per_message = 4;  // role included
  int per_call = 3;  // once: markers, system text of the model's own, the beginning of the answer
};

// `model` with or without a provider in front ("openai/gpt-4o"), a fine-tuning mark ("ft:gpt-4o…")
// and a date or size behind, in any case. nullopt: the tokenizer is not public or not built in;
// count with Estimate.
std::optional<Encoding> EncodingOf(std::string_view model);

Family FamilyOf(std::string_view model);

Framing FramingOf(std::string_view model);

}  // namespace signalbox::tokens
