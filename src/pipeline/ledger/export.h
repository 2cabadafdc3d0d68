// Calls out of the store as text, oldest first: JSON Lines as `ledger tail` prints them, or CSV.
// There is no Parquet: no library for it is among Debian 12's packages.
//
// Owner:   nobody; a function. Threads: any that may block; every part is a query of its own, so a
//          long export holds nothing.
// Errors:  the store's, or what `write` says. Cancel: an error of `write` ends it.
// Budget:  memory for one part of 1,000 calls.
#pragma once

#include <functional>
#include <string_view>

#include "pipeline/ledger/request_query.h"

namespace signalbox::ledger {

enum class ExportFormat : std::uint8_t { kJsonLines, kCsv };

using WriteText = std::function<core::Status(std::string_view)>;

// The calls of `query.period` that its scope and filter let through; `after`, `most` and `time` do
// not matter. Returns how many.
core::Result<std::uint64_t> ExportRequests(store::Sql& sql, const RequestQuery& query,
                                           ExportFormat format, const WriteText& write);

}  // namespace signalbox::ledger
