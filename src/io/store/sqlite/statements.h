// Running statements on a connection.
//
// Owner: whoever holds the connection. Threads: one at a time. Errors: as Sql's.
// Cancel: a visitor's error ends the statement.
#pragma once

#include "io/store/sqlite/connection.h"

namespace signalbox::store::sqlite {

// `visit` may be empty when rows are not of interest.
core::Status Execute(Connection& connection, const Statement& statement, Params params,
                     const VisitRow& visit);

core::Status InsertBulk(Connection& connection, const Bulk& bulk);

}  // namespace signalbox::store::sqlite
