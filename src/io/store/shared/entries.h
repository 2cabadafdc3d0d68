// Values, leases and messages in tables.
//
// Owner:   values. Threads: any that may block.
// Errors:  the database's, and Shared's kConflict.
// Cancel:  a transaction is carried out whole or not at all.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/store/shared.h"
#include "io/store/sql.h"

namespace signalbox::store {

core::Result<std::optional<std::string>> GetIn(Sql& sql, std::string_view key);
core::Status SetIn(Transaction& transaction, std::string_view key, std::string_view value,
                   Shared::Millis ttl);
core::Result<bool> DeleteIn(Transaction& transaction, std::string_view key);
core::Result<bool> CompareAndSetIn(Transaction& transaction, std::string_view key,
                                   const std::optional<std::string>& expected,
                                   std::string_view value, Shared::Millis ttl);
core::Result<std::optional<Lease>> AcquireIn(Transaction& transaction, std::string_view name,
                                             std::string_view holder, Shared::Millis ttl);
core::Result<bool> ReleaseIn(Transaction& transaction, std::string_view name,
                             std::string_view holder);

// Messages are kept for a minute, for those who ask for what is new since they last asked.
inline constexpr std::chrono::milliseconds kMessageKept{60'000};

core::Status PublishIn(Transaction& transaction, std::string_view channel, std::string_view text);

// What is new in a channel. Whoever has heard nothing yet (`heard` is nullopt) gets no messages.
struct News {
  std::int64_t newest = 0;  // to be asked with next time
  bool gap = false;         // there may have been more
  std::vector<std::string> texts;
};
core::Result<News> NewsIn(Sql& sql, std::string_view channel, std::optional<std::int64_t> heard);

// Deletes what has outlived its time.
core::Status SweepIn(Transaction& transaction);

}  // namespace signalbox::store
