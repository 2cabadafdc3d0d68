// What a person wrote to say where the database is. Pure but for PG* variables; any thread.
// Errors: kInvalidRequest, without what was written: it may hold a password; kUnavailable: no
// libpq.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::store::postgres {

// "PostgreSQL db.example:5432/signalbox".
core::Result<std::string> NameOf(const std::string& address);

core::Status CheckSchema(std::string_view schema);

}  // namespace signalbox::store::postgres
