// The numbered row of changes, by which every process learns what to read again.
//
// Owner:   the database; plain functions inside a transaction.
// Threads: any that may block.
// Errors:  as store::Sql. Cancel: with the transaction.
//
// The number comes from one row, which a transaction holds until it is committed. So numbers become
// visible in their order, and who has read up to one has missed none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/sql.h"

namespace signalbox::identity {

enum class ChangeKind : std::uint8_t { kTenant, kUser, kTeam, kProject, kKey };

// Changes that are kept; whoever is further behind reads everything again.
inline constexpr std::int64_t kKeptChanges = 10'000;

// Takes the next number; first in its transaction.
core::Result<std::int64_t> NextChange(store::Transaction& transaction);
core::Status NoteChange(store::Transaction& transaction, std::int64_t number, ChangeKind kind,
                        std::string_view id);

// A single fact: the home tenant, the first key, whether credentials are asked for. Empty: unknown.
core::Result<std::string> ReadFact(store::Reader& reader, std::string_view name);
core::Status WriteFact(store::Transaction& transaction, std::string_view name,
                       std::string_view value);
inline constexpr std::string_view kHomeTenant = "home_tenant";
inline constexpr std::string_view kFirstKey = "first_key";
inline constexpr std::string_view kAsked = "asked";  // since when, once a second key was made

}  // namespace signalbox::identity
