// Connections that read, lent one at a time.
//
// Owner:   the database. Threads: any that may block.
// Errors:  kUnavailable when none was free within the wait. Cancel: as that.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "io/store/sqlite/connection.h"

namespace signalbox::store::sqlite {

class Readers;

struct GiveBack {
  void operator()(Connection* connection) const;
  Readers* readers = nullptr;
};
using Lease = std::unique_ptr<Connection, GiveBack>;

class Readers {
 public:
  Readers(std::string file, std::string name, const SqliteOptions& options)
      : file_(std::move(file)), name_(std::move(name)), options_(options) {}

  core::Result<Lease> Take();

 private:
  friend GiveBack;
  void Give(std::unique_ptr<Connection> connection);

  const std::string file_;
  const std::string name_;
  const SqliteOptions options_;
  std::mutex mutex_;
  std::condition_variable given_;
  std::vector<std::unique_ptr<Connection>> free_;
  std::uint32_t open_ = 0;
};

}  // namespace signalbox::store::sqlite
