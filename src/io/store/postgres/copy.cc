// The form is that of PostgreSQL 15's manual, COPY, "Binary Format".
#include "io/store/postgres/copy.h"

#include <fmt/format.h>

#include "io/store/text.h"

namespace signalbox::store::postgres {
namespace {

using core::ErrorCode;

constexpr std::size_t kSendBytes = 64U * 1024U;
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

std::string ColumnList(const Bulk& bulk) {
  std::string list;
  for (const Statement& column : bulk.columns) {
    list += list.empty() ? "" : ", ";
    column.AppendTo(list);
  }
  return list;
}

core::Status AppendRow(std::string& out, Params row, const std::vector<Oid>& types) {
  AppendInt16(out, static_cast<std::int16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::size_t start = out.size();
    AppendInt32(out, -1);  // null
    if (std::holds_alternative<std::monostate>(row[i])) {
      continue;
    }
    const auto* text = std::get_if<std::string_view>(&row[i]);
    if (text != nullptr && !IsStorableText(*text)) {
      return core::Fail(ErrorCode::kInvalidRequest,
                        fmt::format("column {} is not text (UTF-8 without NUL)", i + 1));
    }
    if (!AppendValue(out, row[i], types[i])) {
      return core::Fail(ErrorCode::kInternal,
                        fmt::format("column {} takes values of another type", i + 1));
    }
    std::string size;
    AppendInt32(size, static_cast<std::int32_t>(out.size() - start - 4));
    out.replace(start, 4, size);
  }
  return {};
}

core::Status SendRows(Connection& connection, const Bulk& bulk, const std::vector<Oid>& types) {
  std::string out(kHeader);
  for (std::vector<Param> row(types.size()); bulk.next(row);) {
    if (auto added = AppendRow(out, row, types); !added) {
      return std::unexpected(std::move(added).error().At(connection.name()));
    }
    if (out.size() >= kSendBytes) {
      SB_CHECK_OK(connection.PutCopyData(out));
      out.clear();
    }
  }
  AppendInt16(out, -1);
  return connection.PutCopyData(out);
}

core::Status Copy(Connection& connection, const Bulk& bulk, const std::string& into,
                  const std::vector<Oid>& types) {
  SB_TRY(const Answer ready,
         connection.RunOnce(fmt::format("COPY {} FROM STDIN (FORMAT binary)", into)));
  core::Status sent = SendRows(connection, bulk, types);
  if (!sent && connection.lost()) {
    return sent;
  }
  core::Status ended = connection.EndCopy(sent.has_value());
  return sent ? ended : sent;
}

}  // namespace

core::Status CopyRows(Connection& connection, const Bulk& bulk) {
  std::string table;
  bulk.table.AppendTo(table);
  const std::string columns = ColumnList(bulk);
  const std::string select = fmt::format("SELECT {} FROM {}", columns, table);
  SB_TRY(const auto types, connection.Columns(select + " LIMIT 0"));
  if (!bulk.skip_conflicts) {
    return Copy(connection, bulk, fmt::format("{} ({})", table, columns), types);
  }
  // COPY knows no ON CONFLICT: the rows go into a table of this connection's first.
  const std::string stage = fmt::format("pg_temp.stage_{:x}", std::hash<std::string>()(select));
  SB_CHECK_OK(connection.Do(fmt::format(
      "CREATE TEMPORARY TABLE IF NOT EXISTS {} ON COMMIT DELETE ROWS AS {} WITH NO DATA", stage,
      select)));
  SB_CHECK_OK(Copy(connection, bulk, stage, types));
  return connection.Do(
      fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT DO NOTHING; TRUNCATE {}",
                  table, columns, columns, stage, stage));
}

}  // namespace signalbox::store::postgres
