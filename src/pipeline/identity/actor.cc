#include "pipeline/identity/actor.h"

#include <fmt/format.h>

#include "pipeline/identity/role_map.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Role;

// Of the access key, and of everybody where no credential is asked for.
const request::Grant& Everything() {
  static const request::Grant kEverything{.role = Role::kAdmin, .of_tenant = false};
  return kEverything;
}

}  // namespace

core::Result<Scope> Enter(const Actor& actor, bool open, const std::string& home) {
  const request::Grant* grant = actor.principal.grant.get();
  if (grant == nullptr) {
    if (actor.principal.anonymous() && !open) {
      return Fail(ErrorCode::kUnauthenticated, "a key is needed for this");
    }
    grant = &Everything();
  }
  if (!grant->of_tenant) {
    if (actor.tenant == kInstallation) {
      return Scope{.tenant = {}, .grant = *grant};
    }
    if (!actor.tenant.empty() && !TenantId::Parse(actor.tenant)) {
      return NotFound("tenant");
    }
    return Scope{.tenant = actor.tenant.empty() ? home : actor.tenant, .grant = *grant};
  }
  const std::string own = grant->parties.tenant.Text();
  if (grant->parties.tenant == TenantId{} || (!actor.tenant.empty() && actor.tenant != own)) {
    return NotFound("tenant");
  }
  return Scope{.tenant = own, .grant = *grant};
}

core::Status Need(const Scope& scope, Role role) {
  if (scope.Has(role)) {
    return {};
  }
  return Fail(ErrorCode::kForbidden, fmt::format("this needs the role {}", Name(role)));
}

core::Status NeedInstallation(const Scope& scope, Role role) {
  if (!scope.of_installation()) {
    return Fail(ErrorCode::kForbidden, "this needs a key of the installation, not of a tenant");
  }
  return Need(scope, role);
}

std::unexpected<core::Error> NotFound(std::string_view noun) {
  return Fail(ErrorCode::kNotFound, fmt::format("there is no such {}", noun));
}

std::unexpected<core::Error> Conflict(std::string_view noun) {
  return Fail(ErrorCode::kConflict,
              fmt::format("the {} was changed meanwhile; read it again and repeat", noun));
}

}  // namespace signalbox::identity
