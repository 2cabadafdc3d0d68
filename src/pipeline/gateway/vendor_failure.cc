#include "pipeline/gateway/vendor_failure.h"

#include <array>

namespace signalbox::gateway {
namespace {

using execution::FailureKind;

// Codes by which OpenAI and those who speak its dialect tell these apart.
struct Word {
  std::string_view code;
  FailureKind kind;
};
constexpr auto kWords = std::to_array<Word>({
    {"context_length_exceeded", FailureKind::kContextTooLong},
    {"string_above_max_length", FailureKind::kContextTooLong},
    {"content_filter", FailureKind::kContentFilter},
    {"content_policy_violation", FailureKind::kContentFilter},
    {"insufficient_quota", FailureKind::kQuotaSpent},
    {"billing_hard_limit_reached", FailureKind::kQuotaSpent},
});

// What vendors without such codes say.
constexpr auto kPhrases = std::to_array<Word>({
    {"prompt is too long", FailureKind::kContextTooLong},                     // Anthropic
    {"exceeds the maximum number of tokens", FailureKind::kContextTooLong},   // Gemini
    {"Input is too long for requested model", FailureKind::kContextTooLong},  // Bedrock
    {"too many tokens", FailureKind::kContextTooLong},                        // Cohere, Bedrock
    {"too large for model with", FailureKind::kContextTooLong},               // Mistral
    {"maximum context length", FailureKind::kContextTooLong},                 // vLLM
    {"exceeds the available context size", FailureKind::kContextTooLong},     // llama.cpp
    {"credit balance is too low", FailureKind::kQuotaSpent},                  // Anthropic
});

}  // namespace

void ReadVendorError(const chat::VendorError& error, execution::Failure& failure) {
  for (const Word& word : kWords) {
    if (error.code == word.code || error.type == word.code) {
      failure.kind = word.kind;
      return;
    }
  }
  for (const Word& phrase : kPhrases) {
    if ((failure.status == 400 || failure.status == 413) &&
        error.message.find(phrase.code) != error.message.npos) {
      failure.kind = phrase.kind;
    }
  }
}

}  // namespace signalbox::gateway
