#include "io/store/migration_text.h"

#include <fmt/format.h>

namespace signalbox::store {
namespace {

// Takes the first line off `rest`, without its end.
std::string_view TakeLine(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  const std::size_t last = line.find_last_not_of(" \t\r");
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace

MigrationText::MigrationText(std::string_view text, Engine engine) {
  const std::string_view mine = engine == Engine::kSqlite ? "-- only sqlite" : "-- only postgres";
  bool included = true;
  std::string statement;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = TakeLine(rest);
    if (line.starts_with("-- only ") || line == "-- both") {
      included = line == mine || line == "-- both";
    } else if (included && !line.empty() && !line.starts_with("--")) {
      statement.append(line).push_back('\n');
      if (line.ends_with(';')) {
        statements_.push_back(std::move(statement));
        statement.clear();
      }
    }
  }
  if (!statement.empty()) {
    statements_.push_back(std::move(statement));
  }
}

Statement MigrationText::at(std::size_t index) const {
  Statement statement;
  statement.text_ = statements_[index];
  statement.once_ = true;
  return statement;
}

std::string MigrationChecksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char character : text) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace signalbox::store
