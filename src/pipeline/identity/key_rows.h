// Keys as rows: the statements that every function on keys shares. Each of them names the tenant.
//
// Owner: plain functions. Threads: any that may block. Errors: as store::Sql; kNotFound, kConflict.
// Cancel: with the transaction.
#pragma once

#include "pipeline/identity/desk.h"
#include "pipeline/identity/key_hash.h"

namespace signalbox::identity {

core::Result<Key> FindKey(store::Reader& reader, const Scope& scope, KeyId id);
core::Status InsertKey(store::Transaction& transaction, const Scope& scope, const Key& key,
                       const KeyHash& hash);
// Everything but the secret, over the version that `key` was read with; its stamp moves on.
core::Status StoreKey(store::Transaction& transaction, const Scope& scope, Key& key,
                      core::WallTime now);
// The hash of a new secret; the one until now stays good until `key.old_secret_until`.
core::Status StoreSecret(store::Transaction& transaction, const Scope& scope, const Key& key,
                         const KeyHash& hash);
core::Status DeleteKey(store::Transaction& transaction, const Scope& scope, KeyId id);

}  // namespace signalbox::identity
