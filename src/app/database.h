// The database of records: a file in the data directory or a PostgreSQL, in the form that this
// program wants.
//
// Owner:   Records. Threads: OpenDatabase blocks; the Sql as its header says.
// Errors:  with what to do: it cannot be reached or written, is damaged, or newer than the program.
// Cancel:  a kill while it is brought up to date leaves each step done whole or not at all.
#pragma once

#include <memory>
#include <string>

#include "app/options.h"
#include "io/store/sql.h"

namespace signalbox::app {

// The file's, in the data directory `data`.
std::string DatabasePath(const std::string& data);

// A file's state before it was brought up to date stays beside it; of a PostgreSQL whoever runs it
// keeps copies.
core::Result<std::unique_ptr<store::Sql>> OpenDatabase(const Options& options);

}  // namespace signalbox::app
