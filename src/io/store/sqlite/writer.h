// The one connection that writes, and those who wait for it. Who comes first runs the work of all
// that wait, each in a savepoint, and commits once: so many small writes cost one sync of the disk.
//
// Owner:   the database. Threads: any that may block.
// Errors:  as Sql::Write's. When the engine breaks the shared transaction off, each work is run
//          again by itself, so that nobody fails for another's sake.
// Cancel:  who was not begun within the wait gives up.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <thread>

#include "io/store/sqlite/connection.h"

namespace signalbox::store::sqlite {

class Writer {
 public:
  Writer(std::unique_ptr<Connection> connection, const SqliteOptions& options)
      : connection_(std::move(connection)), wait_(options.wait) {}

  // With `change`, alone in its transaction and without a limit on a statement's time.
  core::Status Write(const Work& work, bool change);

 private:
  struct Entry {
    const Work* work = nullptr;
    bool change = false;
    bool begun = false;
    bool done = false;
    core::Status status;
  };

  void Lead(std::unique_lock<std::mutex>& lock);
  std::vector<Entry*> TakeGroup();
  void RunGroup(std::span<Entry* const> group);
  // False when the engine broke the shared transaction off: nothing of it is there.
  bool RunTogether(std::span<Entry* const> group);
  core::Status RunAlone(const Entry& entry);
  core::Status RunOne(const Work& work);
  core::Status InSavepoint(const Work& work);

  const std::unique_ptr<Connection> connection_;  // the leader's
  const std::chrono::milliseconds wait_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Entry*> waiting_;
  bool led_ = false;
  std::thread::id leader_;
};

}  // namespace signalbox::store::sqlite
