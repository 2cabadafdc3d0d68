#include "vendors/dialects/anthropic/names.h"

#include <utility>

namespace signalbox::anthropic {
namespace {

using chat::FinishReason;

constexpr std::pair<std::string_view, FinishReason> kFinishes[] = {
    {"end_turn", FinishReason::kStop},
    {"stop_sequence", FinishReason::kStop},
    {"max_tokens", FinishReason::kLength},
    {"tool_use", FinishReason::kToolCalls},
    {"pause_turn", FinishReason::kPause},
    {"refusal", FinishReason::kRefusal},
    {"model_context_window_exceeded", FinishReason::kLength},
};

}  // namespace

FinishReason FinishNamed(std::string_view word) {
  for (const auto& [name, reason] : kFinishes) {
    if (name == word) {
      return reason;
    }
  }
  return word.empty() ? FinishReason::kUnset : FinishReason::kOther;
}

std::string_view FinishName(FinishReason reason, std::string_view text, bool stop_sequence,
                            bool called, bool own) {
  if (!text.empty() && (own || (reason != FinishReason::kOther && FinishNamed(text) == reason))) {
    return text;
  }
  switch (reason) {
    case FinishReason::kLength:
      return "max_tokens";
    case FinishReason::kToolCalls:
      return "tool_use";
    case FinishReason::kContentFilter:
    case FinishReason::kRefusal:
      return "refusal";
    case FinishReason::kPause:
      return "pause_turn";
    case FinishReason::kUnset:
    case FinishReason::kStop:
    case FinishReason::kError:
    case FinishReason::kOther:
      break;
  }
  return stop_sequence ? "stop_sequence" : called ? "tool_use" : "end_turn";
}

std::string IdFor(std::string_view id) {
  std::string out(id);
  for (char& c : out) {
    const bool taken = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-';
    c = taken ? c : '_';
  }
  return out;
}

}  // namespace signalbox::anthropic
