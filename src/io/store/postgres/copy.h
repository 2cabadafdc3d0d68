// Many rows into a table by COPY in binary form. As Transaction::Insert.
#pragma once

#include "io/store/postgres/connection.h"

namespace signalbox::store::postgres {

core::Status CopyRows(Connection& connection, const Bulk& bulk);

}  // namespace signalbox::store::postgres
