#include "vendors/dialects/openai_chat/names.h"

#include <fmt/format.h>

#include <utility>

namespace signalbox::openai_chat {
namespace {

using chat::FinishReason;
using chat::Role;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"system", Role::kSystem},       {"developer", Role::kDeveloper}, {"user", Role::kUser},
    {"assistant", Role::kAssistant}, {"tool", Role::kTool},           {"function", Role::kTool},
};

constexpr std::string_view kModelLength = "model_length";  // Mistral's, and no word of OpenAI's

constexpr std::pair<std::string_view, FinishReason> kFinishes[] = {
    {"stop", FinishReason::kStop},
    {"length", FinishReason::kLength},
    {"tool_calls", FinishReason::kToolCalls},
    {"content_filter", FinishReason::kContentFilter},
    {"function_call", FinishReason::kToolCalls},
    {"error", FinishReason::kError},
    {kModelLength, FinishReason::kLength},
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
  for (const auto& [name, known] : kRoles) {
    if (known == role) {
      return name;
    }
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

std::string_view FinishName(FinishReason reason, std::string_view text, bool own) {
  const bool known =
      FinishNamed(text) == reason && reason != FinishReason::kOther && text != kModelLength;
  if (!text.empty() && (own || known)) {
    return text;
  }
  switch (reason) {
    case FinishReason::kLength:
      return "length";
    case FinishReason::kToolCalls:
      return "tool_calls";
    case FinishReason::kContentFilter:
    case FinishReason::kRefusal:
      return "content_filter";
    case FinishReason::kError:
      return "error";
    case FinishReason::kUnset:
    case FinishReason::kStop:
    case FinishReason::kPause:
    case FinishReason::kOther:
      break;
  }
  return "stop";
}

std::string MadeCallId(std::int64_t index, std::string_view name) {
  return fmt::format("call_{}_{}", index, name);
}

std::string MadeId(std::string_view prefix, std::string_view of) {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : of) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return fmt::format("{}{:016x}", prefix, hash);
}

}  // namespace signalbox::openai_chat
