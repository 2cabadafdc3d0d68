#include <algorithm>
#include <array>

#include "base/telemetry/log.h"

namespace signalbox::telemetry {
namespace {

// How credentials begin: OpenAI and Anthropic, ours, Google, xAI, Groq, Hugging Face, GitHub, AWS.
constexpr std::array<std::string_view, 12> kPrefixes = {"sk-",         "sk_",  "sb_",   "AIza",
                                                        "xai-",        "gsk_", "hf_",   "ghp_",
                                                        "github_pat_", "AKIA", "pplx-", "eyJ"};

// What follows `Authorization:` names its scheme first.
constexpr std::array<std::string_view, 4> kSchemes = {"Bearer ", "Basic ", "api-key: ", "api_key="};

constexpr std::size_t kShortestSecret = 8;
constexpr std::string_view kMask = "****";

bool IsKeyByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '+' || c == '/' || c == '=' || c == '~';
}

bool EqualFold(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::size_t KeyBytes(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, IsKeyByte) - text.begin());
}

// How many bytes of `text` to keep before a secret that begins there; 0 when none does.
std::size_t KeepBefore(std::string_view text, bool at_word_start) {
  if (!at_word_start) {
    return 0;
  }
  for (const std::string_view scheme : kSchemes) {
    if (EqualFold(text.substr(0, scheme.size()), scheme) &&
        KeyBytes(text.substr(scheme.size())) != 0) {
      return scheme.size();
    }
  }
  for (const std::string_view prefix : kPrefixes) {
    if (text.starts_with(prefix) && KeyBytes(text.substr(prefix.size())) >= kShortestSecret) {
      return prefix.size();
    }
  }
  return 0;
}

}  // namespace

std::string Redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool at_word_start = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t keep = KeepBefore(text.substr(at), at_word_start);
    if (keep != 0) {
      out.append(text.substr(at, keep)).append(kMask);
      at += keep + KeyBytes(text.substr(at + keep));
      at_word_start = false;
      continue;
    }
    // '=' and '/' may stand right before a key, as in a query string or a path.
    at_word_start = !IsKeyByte(text[at]) || text[at] == '=' || text[at] == '/';
    out.push_back(text[at++]);
  }
  return out;
}

}  // namespace signalbox::telemetry
