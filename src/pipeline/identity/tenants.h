// Tenants: those who share an installation and do not see each other.
//
// Owner:   Identity. Threads: any that may block.
// Errors:  kForbidden for whoever is not of the installation (its own tenant anybody may read);
//          others as Keys'. Cancel: as Keys'.
//
// A tenant is never removed here, only switched off: what was booked on it stays.
#pragma once

#include "pipeline/identity/desk.h"

namespace signalbox::identity {

struct NewTenant {
  std::string name;
};

struct TenantPatch {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
  std::optional<bool> active;
};

class Tenants {
 public:
  explicit Tenants(Desk& desk) : desk_(desk) {}

  core::Result<Change<Tenant>> Create(const Actor& actor, const NewTenant& wanted);
  core::Result<Tenant> Get(const Actor& actor, TenantId id);
  core::Result<Page<Tenant>> List(const Actor& actor, const ListQuery& query);
  core::Result<Change<Tenant>> Update(const Actor& actor, TenantId id, const TenantPatch& patch);

 private:
  Desk& desk_;
};

}  // namespace signalbox::identity
