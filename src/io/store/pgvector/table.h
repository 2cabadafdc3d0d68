// The table of one collection, and its statements. Those with vectors need UseExtension before
// them.
//
// Owner:   a value. Threads: any that may block. Errors: Vectors'. Cancel: as Sql.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/store/sql.h"
#include "io/store/vectors.h"

namespace signalbox::pgvector {

// As it goes into the table: the vector and the metadata as text.
struct ReadyRow {
  std::string_view id;
  std::string vector;
  std::string metadata;
};

class Table {
 public:
  Table(std::uint64_t number, const store::VectorShape& shape) : number_(number), shape_(shape) {}

  core::Result<std::vector<ReadyRow>> Ready(std::span<const store::VectorRow> rows) const;
  core::Result<std::string> ReadyQuery(std::span<const float> vector) const;
  // Larger vectors have no index in pgvector; all of them are compared.
  bool indexed() const;

  core::Status Make(store::Transaction& transaction) const;
  core::Status Drop(store::Transaction& transaction) const;
  core::Status Upsert(store::Transaction& transaction, std::span<const ReadyRow> rows) const;
  core::Result<std::size_t> Delete(store::Transaction& transaction,
                                   std::span<const std::string> ids) const;
  core::Result<std::size_t> DeleteWhere(store::Transaction& transaction,
                                        const store::Filter& filter) const;
  core::Result<std::size_t> Count(store::Reader& reader, const store::Filter& filter) const;

  // By the index, approximately: fewer than k also when more pass. In no order.
  core::Result<std::vector<store::VectorHit>> Nearest(store::Transaction& transaction,
                                                      std::string_view vector,
                                                      const store::VectorQuery& query) const;
  // By comparing all that pass.
  core::Result<std::vector<store::VectorHit>> NearestOfAll(store::Transaction& transaction,
                                                           std::string_view vector,
                                                           const store::VectorQuery& query) const;

 private:
  core::Result<std::vector<store::VectorHit>> Run(store::Transaction& transaction,
                                                  store::Statement statement,
                                                  std::string_view vector,
                                                  const store::VectorQuery& query) const;

  std::uint64_t number_;
  store::VectorShape shape_;
};

}  // namespace signalbox::pgvector
