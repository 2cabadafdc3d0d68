// Who asks the service for something, where, and when; and what that comes to.
//
// Owner:   plain data; lives as long as the call.
// Threads: any.
// Errors:  kUnauthenticated for nobody where credentials are asked for; kNotFound for another's
//          tenant; kForbidden for too low a role.
// Cancel:  nothing to undo.
#pragma once

#include <string>

#include "base/core/error.h"
#include "base/core/time.h"
#include "pipeline/identity/nouns.h"
#include "pipeline/request/principal.h"
#include "pipeline/request/witness.h"

namespace signalbox::identity {

// In place of a tenant: what belongs to the installation itself.
inline constexpr std::string_view kInstallation = "installation";

using Witness = request::Witness<Tenant, User, Team, Member, Project, Key>;

struct Actor {
  const request::Principal& principal;
  // The id of the tenant that is meant. Empty: the actor's own; for one of the installation the
  // tenant of the first start. Another's is not found.
  std::string tenant;
  core::WallTime now;
  Witness* witness = nullptr;  // of what the actor changes; null: nobody is told
};

// The actor within one tenant; every statement carries `tenant`.
struct Scope {
  std::string tenant;           // as in the tables: '' is the installation
  const request::Grant& grant;  // what the actor has

  UserId user() const { return grant.parties.user; }
  bool of_installation() const { return !grant.of_tenant; }
  bool Has(request::Role role) const { return grant.role >= role; }
};

// `open`: no credential is asked for. `home`: the tenant of the first start.
core::Result<Scope> Enter(const Actor& actor, bool open, const std::string& home);

core::Status Need(const Scope& scope, request::Role role);
// Only those of the installation come through.
core::Status NeedInstallation(const Scope& scope, request::Role role);

std::unexpected<core::Error> NotFound(std::string_view noun);
std::unexpected<core::Error> Conflict(std::string_view noun);  // of versions

}  // namespace signalbox::identity
