// The extension `vector` of a database: whether it is there, and how a transaction gets to its
// types, which may be in another schema than ours.
//
// Owner:   functions. Threads: any that may block.
// Errors:  kNotFound: the server does not have it. kForbidden: the user may not make it. Sql's.
// Cancel:  as Sql.
#pragma once

#include <cstddef>

#include "io/store/sql.h"

namespace signalbox::pgvector {

core::Status MakeExtension(store::Sql& sql);

// For the rest of the transaction.
core::Status UseExtension(store::Transaction& transaction);
// The same, and that what is nearest is asked of the index, for `k` rows.
core::Status UseIndex(store::Transaction& transaction, std::size_t k);

}  // namespace signalbox::pgvector
