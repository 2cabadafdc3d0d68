#include "surface/api/rule.h"

#include <fmt/format.h>

namespace signalbox::api {

std::string_view RoleName(request::Role role) {
  switch (role) {
    case request::Role::kViewer:
      return "viewer";
    case request::Role::kMember:
      return "member";
    case request::Role::kOperator:
      return "operator";
    case request::Role::kAdmin:
      return "admin";
  }
  return {};
}

core::Status Rule::Check(const request::Principal& principal) const {
  if (principal.grant == nullptr || kind_ == Kind::kOpen || kind_ == Kind::kKey) {
    return {};
  }
  if (principal.grant->role < least_) {
    return core::Fail(core::ErrorCode::kForbidden,
                      fmt::format("this needs the role {}; the credential that was sent has {}",
                                  RoleName(least_), RoleName(principal.grant->role)));
  }
  if (kind_ == Kind::kWhole && principal.grant->of_tenant) {
    return core::Fail(core::ErrorCode::kForbidden,
                      "this concerns the whole installation; the credential that was sent is of "
                      "one tenant");
  }
  return {};
}

std::string Rule::Text() const {
  switch (kind_) {
    case Kind::kOpen:
      return "open";
    case Kind::kKey:
      return "any key";
    case Kind::kRole:
      return fmt::format("role {}", RoleName(least_));
    case Kind::kWhole:
      return fmt::format("role {} of the installation", RoleName(least_));
  }
  return {};
}

}  // namespace signalbox::api
