// What part of the installation a caller may see: all of it, or one tenant's things. Whatever is
// outside is not there: 404, never 403.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <optional>

#include "pipeline/request/principal.h"

namespace signalbox::api {

class Scope {
 public:
  explicit Scope(const request::Principal& principal)
      : tenant_(principal.grant != nullptr && principal.grant->of_tenant
                    ? std::optional(principal.grant->parties.tenant)
                    : std::nullopt) {}

  // Unset: all tenants.
  const std::optional<request::TenantId>& tenant() const { return tenant_; }
  bool Holds(const request::TenantId& tenant) const { return !tenant_ || *tenant_ == tenant; }

 private:
  std::optional<request::TenantId> tenant_;
};

}  // namespace signalbox::api
