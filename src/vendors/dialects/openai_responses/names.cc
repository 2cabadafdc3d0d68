#include "vendors/dialects/openai_responses/names.h"

#include <utility>

namespace signalbox::openai_responses {
namespace {

using chat::FinishReason;
using chat::Role;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"user", Role::kUser},           {"assistant", Role::kAssistant}, {"system", Role::kSystem},
    {"developer", Role::kDeveloper}, {"tool", Role::kTool},
};

bool IsStatus(std::string_view word) {
  return word == "completed" || word == "failed" || word == "in_progress" || word == "cancelled" ||
         word == "queued" || word == "incomplete";
}

}  // namespace

std::optional<Role> RoleNamed(std::string_view word) {
  for (const auto& [name, role] : kRoles) {
    if (name == word) {
      return role;
    }
  }
  return std::nullopt;
}

std::string_view RoleName(Role role) {
  for (const auto& [name, known] : kRoles) {
    if (known == role) {
      return name;
    }
  }
  return "user";
}

Ending EndingOf(FinishReason reason, std::string_view text, bool own) {
  if (own && !text.empty()) {
    return IsStatus(text) ? Ending{text, {}} : Ending{"incomplete", text};
  }
  switch (reason) {
    case FinishReason::kLength:
      return {"incomplete", "max_output_tokens"};
    case FinishReason::kContentFilter:
      return {"incomplete", "content_filter"};
    case FinishReason::kError:
      return {"failed", {}};
    case FinishReason::kUnset:
    case FinishReason::kStop:
    case FinishReason::kToolCalls:
    case FinishReason::kRefusal:
    case FinishReason::kPause:
    case FinishReason::kOther:
      break;
  }
  return {"completed", {}};
}

FinishReason FinishOf(std::string_view status, std::string_view reason, bool calls) {
  if (status == "incomplete") {
    return reason == "max_output_tokens" ? FinishReason::kLength
           : reason == "content_filter"  ? FinishReason::kContentFilter
                                         : FinishReason::kOther;
  }
  if (status == "failed") {
    return FinishReason::kError;
  }
  if (status == "queued" || status == "in_progress") {
    return FinishReason::kUnset;
  }
  if (status == "cancelled") {
    return FinishReason::kOther;
  }
  return calls ? FinishReason::kToolCalls : FinishReason::kStop;
}

std::string_view EffortOf(std::int64_t budget) {
  constexpr std::int64_t kLow = 2048;
  constexpr std::int64_t kMedium = 8192;
  return budget <= 0 ? "none" : budget <= kLow ? "low" : budget <= kMedium ? "medium" : "high";
}

std::string_view EffortNamed(std::string_view effort) {
  return effort == "max" ? "xhigh" : effort;
}

}  // namespace signalbox::openai_responses
