// One statement with many rows of parameters, sent without waiting for answers between them.
// As Transaction::RunEach.
#pragma once

#include "io/store/postgres/connection.h"

namespace signalbox::store::postgres {

core::Result<std::int64_t> RunInPipeline(Connection& connection, const std::string& text,
                                         std::size_t params, const NextRow& next);

// How many rows an answer says were written.
std::int64_t WrittenRows(PGresult* answer);

}  // namespace signalbox::store::postgres
