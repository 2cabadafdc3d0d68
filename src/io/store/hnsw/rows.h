// Rows of vectors in a database, with the changes that brought them there.
//
// Owner:   functions. Threads: any that may block. Errors: Sql's. Cancel: as Sql.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "io/store/sql.h"
#include "io/store/vectors.h"

namespace signalbox::hnsw {

// How many changes are told to other processes as deletions one by one.
inline constexpr std::int64_t kChangesTold = 1000;

// A row as it goes into the database: the vector is ready.
struct ReadyRow {
  std::string_view id;
  std::vector<float> vector;
  std::string metadata;  // JSON
};
core::Status WriteRows(store::Transaction& transaction, std::int64_t collection,
                       std::span<const ReadyRow> rows);
// Returns how many were there.
core::Result<std::size_t> DeleteRows(store::Transaction& transaction, std::int64_t collection,
                                     std::span<const std::string> ids);
core::Result<std::size_t> EraseRows(store::Transaction& transaction, std::int64_t collection,
                                    const store::Filter& filter);
core::Status DropRows(store::Transaction& transaction, std::int64_t collection);

core::Result<std::size_t> CountRows(store::Sql& sql, std::int64_t collection,
                                    const store::Filter& filter);

// A row that was written or, without a vector, deleted. Valid during the visit.
struct ChangedRow {
  std::string_view id;
  std::int64_t change = 0;
  std::span<const std::byte> vector;
  std::string_view metadata;
};
using VisitChange = std::function<core::Status(const ChangedRow&)>;
core::Status ReadChanges(store::Sql& sql, std::int64_t collection, std::int64_t after,
                         const VisitChange& visit);
core::Result<std::unordered_set<std::string>> ReadIds(store::Sql& sql, std::int64_t collection);

}  // namespace signalbox::hnsw
