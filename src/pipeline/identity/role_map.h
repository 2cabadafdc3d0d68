// Roles by their names, and what an issuer's roles mean here.
//
// Pure. Errors: nullopt for what is none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pipeline/request/grant.h"

namespace signalbox::identity {

std::string_view Name(request::Role role);
std::optional<request::Role> RoleNamed(std::string_view name);

// "theirs=admin"
struct RoleEntry {
  std::string_view theirs;
  request::Role ours = request::Role::kViewer;

  static std::optional<RoleEntry> Parse(std::string_view text);
};

// The highest of those that apply to somebody with `roles`; `otherwise` when none does.
std::optional<request::Role> MappedRole(std::span<const std::string> map,
                                        std::span<const std::string> roles,
                                        std::optional<request::Role> otherwise);

}  // namespace signalbox::identity
