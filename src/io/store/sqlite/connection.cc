#include "io/store/sqlite/connection.h"

#include <fmt/format.h>

#include <charconv>

#include "io/store/sqlite/error.h"

namespace signalbox::store::sqlite {
namespace {

using core::ErrorCode;

constexpr std::size_t kMostKept = 256;      // statements
constexpr int kOperationsPerLook = 10'000;  // of SQLite's machine, between two looks at the clock
constexpr std::uint64_t kPageBytes = 4096;  // SQLite's default

// Of "$12": 11. SQLite calls parameters by their names, in the order of their first use.
core::Status NumberParameters(Prepared& prepared) {
  const int count = sqlite3_bind_parameter_count(prepared.statement.get());
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(prepared.statement.get(), i);
    const std::string_view text = name == nullptr ? std::string_view() : name;
    std::uint32_t number = 0;
    if (!text.starts_with('$') ||
        std::from_chars(text.data() + 1, text.data() + text.size(), number).ptr !=
            text.data() + text.size() ||
        number == 0) {
      return core::Fail(ErrorCode::kInternal, "a statement's parameters are $1, $2, …");
    }
    prepared.numbers.push_back(number - 1);
    prepared.params = std::max<std::size_t>(prepared.params, number);
  }
  if (prepared.params != prepared.numbers.size()) {
    return core::Fail(ErrorCode::kInternal, "a statement's parameters have a gap");
  }
  return {};
}

const char* SyncText(Sync sync) {
  switch (sync) {
    case Sync::kFull:
      return "PRAGMA synchronous = FULL";
    case Sync::kNormal:
      return "PRAGMA synchronous = NORMAL";
    case Sync::kNone:
      break;
  }
  return "PRAGMA synchronous = OFF";
}

int PastEnd(void* end) {
  return core::MonoNow() > *static_cast<const core::MonoTime*>(end) ? 1 : 0;
}

}  // namespace

core::Result<std::unique_ptr<Connection>> Connection::Open(const std::string& file,
                                                           std::string name,
                                                           const SqliteOptions& options, Use use) {
  // Counting its memory would take a lock of all connections at each allocation.
  static const int kUncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(kUncounted);
  std::unique_ptr<Connection> connection(new Connection(std::move(name), options));
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  connection->handle_.reset(handle);
  if (code != SQLITE_OK) {
    return std::unexpected(connection->ErrorOf(code));
  }
  SB_CHECK_OK(connection->Configure(options, use));
  return connection;
}

core::Status Connection::Configure(const SqliteOptions& options, Use use) {
  sqlite3* db = handle_.get();
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, static_cast<int>(options.wait.count()));
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  const std::uint64_t cache = options.cache_bytes * (use == Use::kWrite ? 4 : 1);
  SB_CHECK_OK(Exec(fmt::format("PRAGMA cache_size = -{}", cache / 1024).c_str()));
  SB_CHECK_OK(Exec("PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON"));
  if (use == Use::kRead) {
    SB_CHECK_OK(Exec("PRAGMA query_only = ON"));
  } else {
    SB_CHECK_OK(Exec("PRAGMA journal_mode = WAL"));
    SB_CHECK_OK(Exec("PRAGMA journal_size_limit = 134217728; PRAGMA wal_autocheckpoint = 16000"));
    SB_CHECK_OK(Exec(SyncText(options.sync)));
    if (options.most_bytes != 0) {
      SB_CHECK_OK(
          Exec(fmt::format("PRAGMA max_page_count = {}", options.most_bytes / kPageBytes).c_str()));
    }
  }
  return {};
}

core::Status Connection::Exec(const char* text) {
  StartClock();
  const int code = sqlite3_exec(handle_.get(), text, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return std::unexpected(ErrorOf(code));
  }
  return {};
}

core::Result<Prepared> Connection::Take(const std::string& text) {
  const auto kept = kept_.find(text);
  if (kept == kept_.end()) {
    return Prepare(text);
  }
  Prepared prepared = std::move(kept->second);
  kept_.erase(kept);
  return prepared;
}

void Connection::Keep(std::string text, Prepared prepared) {
  sqlite3_reset(prepared.statement.get());
  sqlite3_clear_bindings(prepared.statement.get());
  if (text.empty()) {
    return;
  }
  if (kept_.size() >= kMostKept) {
    kept_.clear();
  }
  kept_.insert_or_assign(std::move(text), std::move(prepared));
}

core::Result<Prepared> Connection::Prepare(const std::string& text) {
  Prepared prepared;
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  StartClock();
  const int code =
      sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size()) + 1,
                         SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  prepared.statement.reset(statement);
  if (code != SQLITE_OK) {
    return std::unexpected(ErrorOf(code));
  }
  const std::string_view left(rest);
  if (statement == nullptr || left.find_first_not_of(" \t\r\n;") != std::string_view::npos) {
    return core::Fail(ErrorCode::kInternal, name_ + ": a statement's text holds exactly one");
  }
  if (auto numbered = NumberParameters(prepared); !numbered) {
    return std::unexpected(std::move(numbered).error().At(name_));
  }
  return prepared;
}

void Connection::StartClock() {
  if (limit_.count() == 0) {
    sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
    return;
  }
  end_ = core::MonoNow() + limit_;
  sqlite3_progress_handler(handle_.get(), kOperationsPerLook, PastEnd, &end_);
}

core::Error Connection::ErrorOf(int code) const {
  return MapError(handle_.get(), code, name_, limit_, wait_);
}

}  // namespace signalbox::store::sqlite
