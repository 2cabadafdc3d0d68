// The table of collections, common to those who keep vectors by way of a Sql.
//
// Owner:   values. Threads: any that may block.
// Errors:  kNotFound: no such collection in this scope. kConflict: one of another form is there.
//          Others as Sql's.
// Cancel:  as Sql.
#pragma once

#include <cstdint>
#include <optional>

#include "io/store/sql.h"
#include "io/store/vectors.h"

namespace signalbox::store {

enum class Kept : std::uint8_t { kRows, kPgvector };

struct CollectionRow {
  std::int64_t number = 0;  // never that of another one, before or after
  VectorShape shape;
  std::int64_t changes = 0;  // how often its rows were written
};

core::Result<CollectionRow> FindCollection(Reader& reader, Kept kept,
                                           const CollectionName& collection);
// The number of the new one; nullopt when it is there in this form.
core::Result<std::optional<std::int64_t>> AddCollection(Transaction& transaction, Kept kept,
                                                        const CollectionName& collection,
                                                        const VectorShape& shape);
core::Status RemoveCollection(Transaction& transaction, std::int64_t number);

// The number of the next change, which is this transaction's: others wait for its end, so that
// changes come to be seen in their order. kNotFound: it was dropped meanwhile.
core::Result<std::int64_t> NextChange(Transaction& transaction, std::int64_t number);
// The last change of which rows went without a trace; 0: none did.
core::Result<std::int64_t> ReadSwept(Reader& reader, std::int64_t number);
core::Status NoteSwept(Transaction& transaction, std::int64_t number, std::int64_t change);

core::Error NoCollection(std::string_view name);

}  // namespace signalbox::store
