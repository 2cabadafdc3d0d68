// Connections to one database, lent one at a time and replaced when they are lost.
//
// Owner:   the database. Threads: any that may block.
// Errors:  kUnavailable: the server cannot be reached, or none was free within the wait.
// Cancel:  the wait is bounded.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "io/store/postgres/connection.h"

namespace signalbox::store::postgres {

class Pool;

struct GiveBack {
  void operator()(Connection* connection) const;
  Pool* pool = nullptr;
};
using Lease = std::unique_ptr<Connection, GiveBack>;

class Pool {
 public:
  Pool(PostgresOptions options, std::string name)
      : options_(std::move(options)), name_(std::move(name)) {}

  core::Result<Lease> Take();

 private:
  friend GiveBack;
  void Give(std::unique_ptr<Connection> connection);
  // One that is free and good; null when there is none.
  std::unique_ptr<Connection> TakeFree(std::unique_lock<std::mutex>& lock);

  const PostgresOptions options_;
  const std::string name_;
  std::mutex mutex_;
  std::condition_variable given_;
  std::vector<std::unique_ptr<Connection>> free_;
  std::uint32_t open_ = 0;
};

}  // namespace signalbox::store::postgres
