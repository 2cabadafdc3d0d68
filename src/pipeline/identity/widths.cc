#include "pipeline/identity/widths.h"

#include <fmt/format.h>

#include <algorithm>

namespace signalbox::identity {

// A star in a rule stands for any characters, and only a star can stand for it: so one rule lies
// within another exactly when its text does.
bool Covers(const request::NameRules& wide, const request::NameRules& narrow) {
  if (wide.names.empty()) {
    return true;
  }
  return !narrow.names.empty() && std::ranges::all_of(narrow.names, [&](std::string_view rule) {
    return wide.Allows(rule);
  });
}

std::string_view WiderField(const KeyRights& wide, const KeyRights& narrow) {
  if (narrow.role > wide.role) {
    return "role";
  }
  if (!Covers(wide.models, narrow.models)) {
    return "models";
  }
  if (!Covers(wide.providers, narrow.providers)) {
    return "providers";
  }
  if (!Covers(wide.dialects, narrow.dialects)) {
    return "dialects";
  }
  if (narrow.privacy < wide.privacy) {
    return "privacy";
  }
  if (narrow.expires > wide.expires) {
    return "expires";
  }
  return {};
}

KeyRights RightsOf(const request::Grant& grant) {
  return {.role = grant.role,
          .models = grant.models,
          .providers = grant.providers,
          .dialects = grant.dialects,
          .privacy = grant.privacy,
          .expires = grant.expires,
          .owner = grant.parties.user,
          .team = grant.parties.team,
          .project = grant.parties.project};
}

core::Status CheckWithin(const request::Grant& maker, const KeyRights& wanted) {
  const std::string_view field = WiderField(RightsOf(maker), wanted);
  if (field.empty()) {
    return {};
  }
  return core::Fail(
      core::ErrorCode::kForbidden,
      fmt::format("{} would allow more than the credential that asks for it has", field),
      std::string(field));
}

}  // namespace signalbox::identity
