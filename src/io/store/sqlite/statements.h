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

// Once for each row that `next` gives, which has `params` parameters.
core::Status ExecuteEach(Connection& connection, const Statement& statement, std::size_t params,
                         const NextRow& next);

core::Status InsertBulk(Connection& connection, const Bulk& bulk);

}  // namespace signalbox::store::sqlite
