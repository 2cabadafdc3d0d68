// The words of the dialect, and what its models can do.
//
// Owner: static. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: Google's guides (thinking, structured output, function calling) and OpenAPI document.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vendors/catalog/capabilities.h"
#include "vendors/chat/response.h"

namespace signalbox::gemini {

enum class Host : std::uint8_t { kGemini, kVertex };

// Begins the ids that we make for calls without one; they never go out to Google.
inline constexpr std::string_view kMadeId = "gemini_";

// Stands for the signature of a call that no Gemini made, as Google's guide says: without one,
// Gemini 3 refuses the conversation.
inline constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

std::string Upper(std::string_view text);
std::string Lower(std::string_view text);

// "STOP" is kStop, with calls or not.
chat::FinishReason FinishNamed(std::string_view word);
std::string_view NameOf(chat::FinishReason reason);

// What is known of a model, in Google's words. An unknown one is taken for one of today's.
inline constexpr std::int64_t kUsualMost = 24576;  // tokens to think with
struct ModelFacts {
  bool thinks = true;         // Gemini 2.5 and later
  bool levels = false;        // thinkingLevel: Gemini 3 and later; before: thinkingBudget
  bool minimal = true;        // knows the level MINIMAL (not the Pro models)
  bool medium = true;         // knows the level MEDIUM (not 3.0 Pro)
  bool json_schema = true;    // parametersJsonSchema, responseJsonSchema, mode VALIDATED: from 2.5
  bool result_media = false;  // functionResponse.parts: Gemini 3 and later
  std::int64_t least_budget = 0;
  std::int64_t most_budget = kUsualMost;
};
ModelFacts FactsOf(const catalog::Capabilities& of);

// The level of an effort, "LOW"; empty when the effort is none that we know.
std::string_view LevelOf(std::string_view effort, const ModelFacts& facts);
// Tokens; nullopt when the effort is none that we know.
std::optional<std::int64_t> BudgetOf(std::string_view effort, const ModelFacts& facts);

// taskType and the canonical purpose, which is in Cohere's words where it has one.
std::string PurposeOf(std::string_view task_type);
std::string TaskTypeOf(std::string_view purpose);

// "models/x" and "tunedModels/x" as they are; else "models/<model>", percent-encoded.
std::string ModelPath(std::string_view model);

}  // namespace signalbox::gemini
