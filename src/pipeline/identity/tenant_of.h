// Whose a key, a user, a team or a project is: for stages that keep things about them.
//
// Owner: nobody, these are functions. Threads: any that may block. Errors: the store's; nullopt:
// there is none of that id. Cancel: nothing to undo.
#pragma once

#include <optional>

#include "base/core/error.h"
#include "io/store/sql.h"
#include "pipeline/request/attribution.h"

namespace signalbox::identity {

using FoundTenant = core::Result<std::optional<request::TenantId>>;

// A key of the installation itself has the tenant zero.
FoundTenant TenantOf(store::Reader& reader, const request::KeyId& id);
FoundTenant TenantOf(store::Reader& reader, const request::UserId& id);
FoundTenant TenantOf(store::Reader& reader, const request::TeamId& id);
FoundTenant TenantOf(store::Reader& reader, const request::ProjectId& id);
// Itself, if there is one.
FoundTenant TenantOf(store::Reader& reader, const request::TenantId& id);

}  // namespace signalbox::identity
