#include "pipeline/identity/role_map.h"

#include <algorithm>
#include <array>

namespace signalbox::identity {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"viewer", "member", "operator", "admin"};

}  // namespace

std::string_view Name(request::Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}

std::optional<request::Role> RoleNamed(std::string_view name) {
  const auto found = std::ranges::find(kRoles, name);
  return found == kRoles.end() ? std::nullopt
                               : std::optional(static_cast<request::Role>(found - kRoles.begin()));
}

std::optional<RoleEntry> RoleEntry::Parse(std::string_view text) {
  const std::size_t equals = text.rfind('=');  // theirs may be a URL with a query
  if (equals == text.npos || equals == 0) {
    return std::nullopt;
  }
  const auto role = RoleNamed(text.substr(equals + 1));
  if (!role) {
    return std::nullopt;
  }
  return RoleEntry{.theirs = text.substr(0, equals), .ours = *role};
}

std::optional<request::Role> MappedRole(std::span<const std::string> map,
                                        std::span<const std::string> roles,
                                        std::optional<request::Role> otherwise) {
  std::optional<request::Role> highest;
  for (const std::string& text : map) {
    const auto entry = RoleEntry::Parse(text);
    if (entry && std::ranges::find(roles, entry->theirs) != roles.end() &&
        (!highest || entry->ours > *highest)) {
      highest = entry->ours;
    }
  }
  return highest ? highest : otherwise;
}

}  // namespace signalbox::identity
