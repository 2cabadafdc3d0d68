#include "io/store/sqlite/error.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace signalbox::store::sqlite {
namespace {

using core::ErrorCode;

core::Error Make(ErrorCode code, std::string_view name, std::string_view what) {
  return {code, fmt::format("{}: {}", name, what), {}, {}};
}

std::string SystemReason(sqlite3* database) {
  const int number = database == nullptr ? 0 : sqlite3_system_errno(database);
  return number == 0 ? std::string() : fmt::format(" ({})", core::ErrnoMessage(number));
}

std::string Damaged(std::string_view reason) {
  return fmt::format(
      "the file is damaged or no database ({}): stop Signalbox, keep a copy of the file, and put a "
      "backup in its place; `sqlite3 FILE .recover` saves what can be read",
      reason);
}

}  // namespace

core::Error MapError(sqlite3* database, int code, std::string_view name,
                     std::chrono::milliseconds limit, std::chrono::milliseconds wait) {
  const char* own = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Make(ErrorCode::kUnavailable, name,
                  fmt::format("another process has it locked (waited {} ms)", wait.count()));
    case SQLITE_FULL:
      return Make(ErrorCode::kUnavailable, name, "no space is left for it: free some on the disk");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Make(ErrorCode::kUnavailable, name,
                  "it cannot be written: make the file and its directory writable");
    case SQLITE_CANTOPEN:
      return Make(ErrorCode::kUnavailable, name,
                  fmt::format("cannot be opened{}: its directory must be there and writable",
                              SystemReason(database)));
    case SQLITE_IOERR:
      return Make(ErrorCode::kUnavailable, name,
                  fmt::format("{}{}", sqlite3_errstr(code), SystemReason(database)));
    case SQLITE_NOMEM:
      return Make(ErrorCode::kUnavailable, name, "out of memory");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Make(ErrorCode::kInternal, name, Damaged(sqlite3_errstr(code)));
    case SQLITE_CONSTRAINT:
      return Make(ErrorCode::kConflict, name, own);  // names columns, never values
    case SQLITE_INTERRUPT:
      return Make(ErrorCode::kDeadlineExceeded, name,
                  fmt::format("a statement took longer than {} ms", limit.count()));
    case SQLITE_TOOBIG:
      return Make(ErrorCode::kInvalidRequest, name, "a value is too large");
    default:
      return Make(ErrorCode::kInternal, name, own);
  }
}

}  // namespace signalbox::store::sqlite
