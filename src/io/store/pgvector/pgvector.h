// Vectors in a PostgreSQL that has the extension pgvector, 0.5 or newer: a table for each
// collection, with an index of its own. By the contract of Vectors.
//
// Owner:   app/; the database outlives it.
// Threads: as Vectors.
// Errors:  as Vectors. When it is opened: kNotFound: the server does not have the extension.
//          kForbidden: the user may not make it in the database. Then there is hnsw/.
// Cancel:  as Vectors.
#pragma once

#include <memory>

#include "io/store/sql.h"
#include "io/store/vectors.h"

namespace signalbox::store {

// The database has the migrations of vectors/. Makes the extension where it is not made yet.
core::Result<std::unique_ptr<Vectors>> OpenPgvector(Sql& sql);

}  // namespace signalbox::store
