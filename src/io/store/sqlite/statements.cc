#include "io/store/sqlite/statements.h"

#include <fmt/format.h>

#include <cstdlib>
#include <iterator>

#include "io/store/text.h"

namespace signalbox::store::sqlite {
namespace {

using core::ErrorCode;

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool IsNull(std::size_t column) const override { return Type(column) == SQLITE_NULL; }
  std::int64_t Int(std::size_t column) const override {
    return Check(column, SQLITE_INTEGER) ? sqlite3_column_int64(statement_, Index(column)) : 0;
  }
  double Number(std::size_t column) const override {
    const bool there = Type(column) == SQLITE_INTEGER || Check(column, SQLITE_FLOAT);
    return there ? sqlite3_column_double(statement_, Index(column)) : 0;
  }
  std::string_view Text(std::size_t column) const override {
    if (!Check(column, SQLITE_TEXT)) {
      return {};
    }
    const auto* text =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_, Index(column)));
    return {text, Size(column)};
  }
  store::Bytes Bytes(std::size_t column) const override {
    if (!Check(column, SQLITE_BLOB)) {
      return {};
    }
    const auto* bytes =
        static_cast<const std::byte*>(sqlite3_column_blob(statement_, Index(column)));
    return {bytes, Size(column)};
  }

 private:
  static int Index(std::size_t column) { return static_cast<int>(column); }
  int Type(std::size_t column) const {
    if (column >= static_cast<std::size_t>(sqlite3_data_count(statement_))) {
      std::abort();  // the program reads a column that it did not ask for
    }
    return sqlite3_column_type(statement_, Index(column));
  }
  std::size_t Size(std::size_t column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, Index(column)));
  }
  // False for null.
  bool Check(std::size_t column, int type) const {
    const int found = Type(column);
    if (found != type && found != SQLITE_NULL) {
      std::abort();  // the program reads another type than its tables have
    }
    return found == type;
  }

  sqlite3_stmt* statement_;
};

// Views stay with the caller until the statement was run. A null pointer would be taken as NULL.
struct Binder {
  sqlite3_stmt* statement;
  int index;

  int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, index, value); }
  int operator()(std::string_view text) const {
    return sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(Bytes bytes) const {
    return bytes.empty()
               ? sqlite3_bind_zeroblob(statement, index, 0)
               : sqlite3_bind_blob64(statement, index, bytes.data(), bytes.size(), SQLITE_STATIC);
  }
};

// Of one row after the other: what is null again stays bound, as half of a ledger's row is.
core::Status Bind(Connection& connection, const Prepared& prepared, Params params,
                  std::vector<bool>& null) {
  if (params.size() != prepared.params) {
    return core::Fail(ErrorCode::kInternal,
                      fmt::format("{}: a statement takes {} parameters and was given {}",
                                  connection.name(), prepared.params, params.size()));
  }
  null.resize(prepared.numbers.size());
  for (std::size_t i = 0; i < prepared.numbers.size(); ++i) {
    const Param& param = params[prepared.numbers[i]];
    const bool was_null = null[i];
    null[i] = std::holds_alternative<std::monostate>(param);
    if (was_null && null[i]) {
      continue;
    }
    if (const auto* text = std::get_if<std::string_view>(&param);
        text != nullptr && !IsStorableText(*text)) {
      return core::Fail(
          ErrorCode::kInvalidRequest,
          fmt::format("parameter {} is not text (UTF-8 without NUL)", prepared.numbers[i] + 1));
    }
    const int code = std::visit(Binder{prepared.statement.get(), static_cast<int>(i) + 1}, param);
    if (code != SQLITE_OK) {
      return std::unexpected(connection.ErrorOf(code));
    }
  }
  return {};
}

core::Status Step(Connection& connection, sqlite3_stmt* statement, const VisitRow& visit) {
  connection.StartClock();
  const SqliteRow row(statement);
  for (int code = sqlite3_step(statement); code != SQLITE_DONE; code = sqlite3_step(statement)) {
    if (code != SQLITE_ROW) {
      return std::unexpected(connection.ErrorOf(code));
    }
    if (visit) {
      SB_CHECK_OK(visit(row));
    }
  }
  return {};
}

std::string InsertText(const Bulk& bulk) {
  std::string text = "INSERT INTO ";
  bulk.table.AppendTo(text);
  std::string values;
  for (std::size_t i = 0; i < bulk.columns.size(); ++i) {
    text += i == 0 ? " (" : ", ";
    bulk.columns[i].AppendTo(text);
    fmt::format_to(std::back_inserter(values), "{}${}", i == 0 ? "" : ", ", i + 1);
  }
  text += ") VALUES (" + values + (bulk.skip_conflicts ? ") ON CONFLICT DO NOTHING" : ")");
  return text;
}

// Puts a statement back however its use ends.
class Lent {
 public:
  Lent(Connection& connection, std::string key, Prepared prepared)
      : connection_(connection), key_(std::move(key)), prepared_(std::move(prepared)) {}
  ~Lent() { connection_.Keep(std::move(key_), std::move(prepared_)); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

  const Prepared& operator*() const { return prepared_; }

 private:
  Connection& connection_;
  std::string key_;
  Prepared prepared_;
};

core::Status RunRows(Connection& connection, const Prepared& prepared, std::size_t params,
                     const NextRow& next) {
  std::vector<Param> row(params);
  std::vector<bool> null;
  while (next(row)) {
    SB_CHECK_OK(Bind(connection, prepared, row, null));
    SB_CHECK_OK(Step(connection, prepared.statement.get(), {}));
    sqlite3_reset(prepared.statement.get());
  }
  return {};
}

}  // namespace

core::Status Execute(Connection& connection, const Statement& statement, Params params,
                     const VisitRow& visit) {
  std::string text;
  statement.AppendTo(text);
  SB_TRY(Prepared prepared, connection.Take(text));
  const Lent lent(connection, statement.once() ? std::string() : std::move(text),
                  std::move(prepared));
  std::vector<bool> null;
  SB_CHECK_OK(Bind(connection, *lent, params, null));
  return Step(connection, (*lent).statement.get(), visit);
}

core::Status InsertBulk(Connection& connection, const Bulk& bulk) {
  std::string text = InsertText(bulk);
  SB_TRY(Prepared prepared, connection.Take(text));
  const Lent lent(connection, std::move(text), std::move(prepared));
  return RunRows(connection, *lent, bulk.columns.size(), bulk.next);
}

core::Status ExecuteEach(Connection& connection, const Statement& statement, std::size_t params,
                         const NextRow& next) {
  std::string text;
  statement.AppendTo(text);
  SB_TRY(Prepared prepared, connection.Take(text));
  const Lent lent(connection, statement.once() ? std::string() : std::move(text),
                  std::move(prepared));
  return RunRows(connection, *lent, params, next);
}

}  // namespace signalbox::store::sqlite
