#include "io/store/sqlite/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "io/store/sqlite/error.h"
#include "io/store/sqlite/statements.h"

namespace signalbox::store::sqlite {
namespace {

core::Status Copy(Connection& from, const std::string& path) {
  sqlite3* opened = nullptr;
  const int code = sqlite3_open(path.c_str(), &opened);
  const Handle to(opened);
  const std::string name = "backup " + path;
  if (code != SQLITE_OK) {
    return std::unexpected(MapError(to.get(), code, name, {}, {}));
  }
  sqlite3_backup* backup = sqlite3_backup_init(to.get(), "main", from.handle(), "main");
  if (backup != nullptr) {
    sqlite3_backup_step(backup, -1);  // all of one state: in WAL mode no writer waits for it
    sqlite3_backup_finish(backup);
  }
  if (const int result = sqlite3_errcode(to.get()); result != SQLITE_OK) {
    return std::unexpected(MapError(to.get(), result, name, {}, {}));
  }
  return {};
}

// Syncs a file or a directory.
core::Status SyncToDisk(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) {
    close(descriptor);
  }
  return synced ? core::Status()
                : core::Fail(core::ErrorCode::kUnavailable,
                             fmt::format("backup {}: {}", path, core::ErrnoMessage(reason)));
}

}  // namespace

core::Status BackUp(Connection& connection, const std::string& path) {
  const std::string part = path + ".part";
  std::error_code failed;
  std::filesystem::remove(part, failed);
  core::Status copied = Copy(connection, part);
  if (copied) {
    copied = SyncToDisk(part);
  }
  if (!copied) {
    std::filesystem::remove(part, failed);
    return copied;
  }
  std::filesystem::rename(part, path, failed);
  if (failed) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      fmt::format("backup {}: {}", path, failed.message()));
  }
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return SyncToDisk(directory.empty() ? "." : directory);
}

core::Result<std::vector<std::string>> Damage(Connection& connection) {
  std::vector<std::string> damage;
  const auto note = [&damage](const Row& row) {
    if (row.Text(0) != "ok") {
      damage.emplace_back(row.Text(0));
    }
    return core::Status();
  };
  connection.LiftLimit();
  core::Status checked = Execute(connection, "PRAGMA integrity_check", {}, note);
  connection.RestoreLimit();
  if (!checked && checked.error().code != core::ErrorCode::kInternal) {
    return std::unexpected(std::move(checked).error());
  }
  if (!checked) {
    damage.push_back(std::move(checked).error().message);
  }
  return damage;
}

}  // namespace signalbox::store::sqlite
