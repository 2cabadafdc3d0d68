// SQLite's result codes as errors that say what to do. Pure; any thread.
#pragma once

#include <chrono>
#include <string_view>

#include "base/core/error.h"

struct sqlite3;

namespace signalbox::store::sqlite {

// `database` may be null. Its own message is used where it cannot hold a parameter's value.
core::Error MapError(sqlite3* database, int code, std::string_view name,
                     std::chrono::milliseconds limit, std::chrono::milliseconds wait);

}  // namespace signalbox::store::sqlite
