#include "vendors/dialects/cohere/names.h"

#include <utility>

namespace signalbox::cohere {
namespace {

using chat::FinishReason;
using chat::Role;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"system", Role::kSystem}, {"user", Role::kUser},           {"assistant", Role::kAssistant},
    {"tool", Role::kTool},     {"developer", Role::kDeveloper},
};

constexpr std::pair<std::string_view, FinishReason> kFinishes[] = {
    {"COMPLETE", FinishReason::kStop},      {"STOP_SEQUENCE", FinishReason::kStop},
    {"MAX_TOKENS", FinishReason::kLength},  {"TOOL_CALL", FinishReason::kToolCalls},
    {"ERROR", FinishReason::kError},        {"TIMEOUT", FinishReason::kError},
    {"ERROR_LIMIT", FinishReason::kLength}, {"ERROR_TOXIC", FinishReason::kContentFilter},
    {"USER_CANCEL", FinishReason::kError},
};

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
  switch (role) {
    case Role::kSystem:
    case Role::kDeveloper:
      return "system";
    case Role::kAssistant:
      return "assistant";
    case Role::kTool:
      return "tool";
    case Role::kUser:
      break;
  }
  return "user";
}

FinishReason FinishNamed(std::string_view word) {
  for (const auto& [name, reason] : kFinishes) {
    if (name == word) {
      return reason;
    }
  }
  return word.empty() ? FinishReason::kUnset : FinishReason::kOther;
}

std::string_view FinishName(FinishReason reason, std::string_view text, bool stopped, bool own) {
  if (own && !text.empty()) {
    return text;
  }
  switch (reason) {
    case FinishReason::kLength:
      return "MAX_TOKENS";
    case FinishReason::kToolCalls:
      return "TOOL_CALL";
    case FinishReason::kContentFilter:
    case FinishReason::kError:
      return "ERROR";
    case FinishReason::kUnset:
    case FinishReason::kStop:
    case FinishReason::kRefusal:
    case FinishReason::kPause:
    case FinishReason::kOther:
      break;
  }
  return stopped ? "STOP_SEQUENCE" : "COMPLETE";
}

}  // namespace signalbox::cohere
