#include "io/store/sqlite/sqlite.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include "io/store/sqlite/backup.h"
#include "io/store/sqlite/readers.h"
#include "io/store/sqlite/statements.h"
#include "io/store/sqlite/writer.h"

namespace signalbox::store {
namespace {

using sqlite::Connection;

// A directory that goes with the object.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) {
      std::filesystem::remove_all(path_, ignored);
    }
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Scratch& operator=(Scratch&&) = delete;

  std::string File(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

class Database final : public Sqlite {
 public:
  Database(std::string file, std::string name, std::unique_ptr<Connection> writer,
           const SqliteOptions& options, Scratch scratch = Scratch({}))
      : scratch_(std::move(scratch)),
        file_(std::move(file)),
        name_(std::move(name)),
        writer_(std::move(writer), options),
        readers_(file_, name_, options) {}

  core::Status Query(Statement statement, Params params, const VisitRow& visit) override {
    SB_TRY(const sqlite::Lease reader, readers_.Take());
    return sqlite::Execute(*reader, statement, params, visit);
  }
  core::Status Write(const Work& work) override { return writer_.Write(work, false); }
  core::Status Change(const Work& work) override { return writer_.Write(work, true); }
  Engine engine() const override { return Engine::kSqlite; }
  std::string Name() const override { return name_; }

  core::Status BackUp(const std::string& path) override {
    SB_TRY(const sqlite::Lease reader, readers_.Take());
    return sqlite::BackUp(*reader, path);
  }
  core::Result<std::vector<std::string>> Damage() override {
    SB_TRY(const sqlite::Lease reader, readers_.Take());
    return sqlite::Damage(*reader);
  }

 private:
  const Scratch scratch_;
  const std::string file_;
  const std::string name_;
  sqlite::Writer writer_;
  sqlite::Readers readers_;
};

core::Result<std::unique_ptr<Sqlite>> OpenFile(const std::string& file, const std::string& name,
                                               const SqliteOptions& options,
                                               Scratch scratch = Scratch({})) {
  SB_TRY(auto writer, Connection::Open(file, name, options, Connection::Use::kWrite));
  return std::make_unique<Database>(file, name, std::move(writer), options, std::move(scratch));
}

// A database in memory is a file on a file system in memory, where there is one: so it does all
// that a file does, several connections included.
core::Result<std::unique_ptr<Sqlite>> OpenInMemory(SqliteOptions options) {
  options.sync = Sync::kNone;
  const bool memory = access("/dev/shm", W_OK) == 0;
  std::string path = memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
  path += "/signalbox-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable,
                      fmt::format("{}: {}", path, core::ErrnoMessage(errno)));
  }
  Scratch scratch(path);
  const std::string file = scratch.File("memory.db");
  return OpenFile(file, "SQLite in memory", options, std::move(scratch));
}

}  // namespace

core::Result<std::unique_ptr<Sqlite>> OpenSqlite(const SqliteOptions& options) {
  if (options.path.empty()) {
    return OpenInMemory(options);
  }
  return OpenFile(options.path, "SQLite " + options.path, options);
}

}  // namespace signalbox::store
