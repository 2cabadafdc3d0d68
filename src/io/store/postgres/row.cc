#include "io/store/postgres/row.h"

#include <cstdlib>

#include "io/store/postgres/wire.h"

namespace signalbox::store::postgres {
namespace {

int Index(std::size_t column) {
  return static_cast<int>(column);
}

// The program reads another type than its tables have.
[[noreturn]] void WrongType() {
  std::abort();
}

}  // namespace

bool PostgresRow::IsNull(std::size_t column) const {
  if (Index(column) >= PQnfields(answer_)) {
    WrongType();
  }
  return PQgetisnull(answer_, row_, Index(column)) != 0;
}

std::string_view PostgresRow::Value(std::size_t column) const {
  return {PQgetvalue(answer_, row_, Index(column)),
          static_cast<std::size_t>(PQgetlength(answer_, row_, Index(column)))};
}

std::int64_t PostgresRow::Int(std::size_t column) const {
  if (IsNull(column)) {
    return 0;
  }
  const auto value = ReadInt(Value(column), PQftype(answer_, Index(column)));
  if (!value) {
    WrongType();
  }
  return *value;
}

double PostgresRow::Number(std::size_t column) const {
  if (IsNull(column)) {
    return 0;
  }
  const auto value = ReadNumber(Value(column), PQftype(answer_, Index(column)));
  if (!value) {
    WrongType();
  }
  return *value;
}

std::string_view PostgresRow::Text(std::size_t column) const {
  if (IsNull(column)) {
    return {};
  }
  if (!IsTextType(PQftype(answer_, Index(column)))) {
    WrongType();
  }
  return Value(column);
}

store::Bytes PostgresRow::Bytes(std::size_t column) const {
  if (IsNull(column)) {
    return {};
  }
  if (PQftype(answer_, Index(column)) != kBytea) {
    WrongType();
  }
  return std::as_bytes(std::span(Value(column)));
}

}  // namespace signalbox::store::postgres
