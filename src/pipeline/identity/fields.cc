#include "pipeline/identity/fields.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/config/values.h"
#include "base/json/document.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;

std::unexpected<core::Error> Refuse(std::string_view field, std::string_view wanted) {
  return Fail(ErrorCode::kInvalidRequest, fmt::format("{}: {}", field, wanted), std::string(field));
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

core::Status CheckItems(const std::vector<std::string>& items, std::string_view field,
                        std::size_t most, std::size_t most_bytes) {
  if (items.size() > most) {
    return Refuse(field, fmt::format("at most {} are taken", most));
  }
  for (const std::string& item : items) {
    SB_CHECK_OK(CheckText(item, field, most_bytes));
  }
  return {};
}

}  // namespace

core::Status CheckText(std::string_view text, std::string_view field, std::size_t most) {
  if (text.find_first_not_of(' ') == text.npos) {
    return Refuse(field, "a text was expected");
  }
  if (text.size() > most) {
    return Refuse(field, fmt::format("at most {} bytes are taken", most));
  }
  if (!config::IsUtf8(text) || std::ranges::any_of(text, IsControl)) {
    return Refuse(field, "text in UTF-8 without control characters was expected");
  }
  return {};
}

core::Status CheckEmail(std::string_view email) {
  if (email.empty()) {
    return {};
  }
  const std::size_t at = email.find('@');
  if (at == 0 || at == email.npos || at + 1 == email.size()) {
    return Refuse("email", "an address such as name@example.com was expected");
  }
  return CheckText(email, "email", 254);  // RFC 5321 section 4.5.3.1.3, without its brackets
}

core::Status CheckTags(const std::vector<std::string>& tags) {
  return CheckItems(tags, "tags", kMostTags, 100);
}

core::Status CheckMetadata(std::string_view json) {
  if (json.size() > kMostMetadata) {
    return Refuse("metadata", fmt::format("at most {} bytes are taken", kMostMetadata));
  }
  json::Document document;
  if (!document.Parse(json, {.max_depth = 8}) || !document.Root().IsObject()) {
    return Refuse("metadata", "a JSON object, at most 8 levels deep, was expected");
  }
  if (document.Root().CountChildren() > kMostMembers) {
    return Refuse("metadata", fmt::format("at most {} members are taken", kMostMembers));
  }
  return {};
}

core::Status CheckRights(const KeyRights& rights) {
  constexpr std::size_t kMostBytes = 255;  // of a model's name
  SB_CHECK_OK(CheckItems(rights.models.names, "models", kMostRules, kMostBytes));
  SB_CHECK_OK(CheckItems(rights.providers.names, "providers", kMostRules, kMostBytes));
  return CheckItems(rights.dialects.names, "dialects", kMostRules, kMostBytes);
}

std::string Lines(const std::vector<std::string>& items) {
  return fmt::format("{}", fmt::join(items, "\n"));
}

std::vector<std::string> FromLines(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    items.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return items;
}

core::Result<std::string> SearchPattern(std::string_view search) {
  SB_CHECK_OK(CheckText(search, "search", kMostSearch));
  std::string pattern = "%";
  for (const char c : search) {
    if (c == '%' || c == '_' || c == '!') {
      pattern += '!';
    }
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return pattern += '%';
}

}  // namespace signalbox::identity
