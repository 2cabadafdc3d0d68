// The directory's own reading: all keys that may be used, as the hot path needs them.
//
// Owner: plain functions. Threads: any that may block. Errors: as store::Sql. Cancel: none.
//
// This is where rights come together: a key has no higher role than its owner, and is none while
// it is revoked, or its owner or tenant is not active.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/store/sql.h"
#include "pipeline/identity/changes.h"
#include "pipeline/identity/entry.h"

namespace signalbox::identity {

// Resolves what another stage keeps for a grant; `tags` as the key has them. May be empty.
using MakeAllowance = std::function<std::shared_ptr<request::Allowance>(
    const request::Grant& grant, const std::vector<std::string>& tags)>;

core::Result<std::vector<EntryPtr>> ReadEntries(store::Reader& reader, const MakeAllowance& make);
// Those that a change of `kind` to `id` may have touched and that may be used now.
core::Result<std::vector<EntryPtr>> ReadTouched(store::Reader& reader, ChangeKind kind,
                                                std::string_view id, const MakeAllowance& make);

}  // namespace signalbox::identity
