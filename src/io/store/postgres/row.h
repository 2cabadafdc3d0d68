// A row of an answer, whose values are in binary form.
//
// Owner: a view of the answer. Threads: one. Errors: as store::Row. Cancel: nothing to undo.
#pragma once

#include "io/store/postgres/libpq.h"
#include "io/store/value.h"

namespace signalbox::store::postgres {

class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* answer, int row) : answer_(answer), row_(row) {}

  bool IsNull(std::size_t column) const override;
  std::int64_t Int(std::size_t column) const override;
  double Number(std::size_t column) const override;
  std::string_view Text(std::size_t column) const override;
  store::Bytes Bytes(std::size_t column) const override;

 private:
  std::string_view Value(std::size_t column) const;

  const PGresult* answer_;
  int row_;
};

}  // namespace signalbox::store::postgres
