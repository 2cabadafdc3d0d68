// Who may do what with which key.
//
// Pure but for CheckParties, which reads. Errors: kNotFound, kForbidden, kInvalidRequest.
#pragma once

#include "io/store/sql.h"
#include "pipeline/identity/actor.h"

namespace signalbox::identity {

enum class KeyUse : std::uint8_t { kRead, kChange, kRenew, kRevoke, kRemove };

core::Status MayUse(const Scope& scope, const Key& key, KeyUse use);

// Whom a new or changed key is booked on: everything is of the key's tenant and fits together; who
// is no admin stays within what they are booked on themselves and what they are a member of.
core::Status CheckParties(store::Reader& reader, const Scope& scope, const KeyRights& rights);

}  // namespace signalbox::identity
