#include "io/store/sqlite/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "io/store/sqlite/statements.h"

namespace signalbox::store::sqlite {
namespace {

using core::ErrorCode;

// Enough that the sync of the disk is a small part, few enough that the first does not wait long
// for the last.
constexpr std::size_t kMostTogether = 64;

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(Connection& connection) : connection_(connection) {}

  core::Status Query(Statement statement, Params params, const VisitRow& visit) override {
    SB_CHECK_OK(failure_);
    bool visitors = false;  // an error of the visitor's own
    core::Status status = Execute(connection_, statement, params, [&](const Row& row) {
      core::Status visited = visit ? visit(row) : core::Status();
      visitors = !visited;
      return visited;
    });
    return visitors ? status : Keep(std::move(status));
  }
  core::Result<std::int64_t> Run(Statement statement, Params params) override {
    SB_CHECK_OK(failure_);
    const std::int64_t before = sqlite3_total_changes64(connection_.handle());
    SB_CHECK_OK(Keep(Execute(connection_, statement, params, {})));
    return sqlite3_total_changes64(connection_.handle()) - before;
  }
  core::Status Insert(const Bulk& rows) override {
    SB_CHECK_OK(failure_);
    return Keep(InsertBulk(connection_, rows));
  }
  core::Result<std::int64_t> RunEach(Statement statement, std::size_t params,
                                     const NextRow& next) override {
    SB_CHECK_OK(failure_);
    const std::int64_t before = sqlite3_total_changes64(connection_.handle());
    SB_CHECK_OK(Keep(ExecuteEach(connection_, statement, params, next)));
    return sqlite3_total_changes64(connection_.handle()) - before;
  }
  Engine engine() const override { return Engine::kSqlite; }

  // Of the first statement that failed.
  const core::Status& failure() const { return failure_; }

 private:
  core::Status Keep(core::Status status) {
    if (!status) {
      failure_ = status;
    }
    return status;
  }

  Connection& connection_;
  core::Status failure_;
};

}  // namespace

core::Status Writer::Write(const Work& work, bool change) {
  Entry entry{&work, change, false, false, {}};
  const auto end = core::MonoNow() + wait_;
  std::unique_lock lock(mutex_);
  if (led_ && leader_ == std::this_thread::get_id()) {
    return core::Fail(ErrorCode::kInternal, "a write inside of a write of the same database");
  }
  waiting_.push_back(&entry);
  while (!entry.done) {
    if (!led_) {
      Lead(lock);
    } else if (entry.begun) {
      changed_.wait(lock);
    } else if (changed_.wait_until(lock, end) == std::cv_status::timeout && led_ && !entry.begun) {
      std::erase(waiting_, &entry);
      return core::Fail(
          ErrorCode::kUnavailable,
          fmt::format("SQLite: other writers had their turn for {} ms", wait_.count()));
    }
  }
  return std::move(entry.status);
}

void Writer::Lead(std::unique_lock<std::mutex>& lock) {
  led_ = true;
  leader_ = std::this_thread::get_id();
  const std::vector<Entry*> group = TakeGroup();
  lock.unlock();
  RunGroup(group);
  lock.lock();
  for (Entry* entry : group) {
    entry->done = true;
  }
  led_ = false;
  leader_ = {};
  changed_.notify_all();
}

std::vector<Writer::Entry*> Writer::TakeGroup() {
  std::vector<Entry*> group;
  while (!waiting_.empty() && group.size() < kMostTogether) {
    Entry* next = waiting_.front();
    if (!group.empty() && (next->change || group.front()->change)) {
      break;
    }
    next->begun = true;
    group.push_back(next);
    waiting_.pop_front();
  }
  return group;
}

void Writer::RunGroup(std::span<Entry* const> group) {
  if (group.size() > 1 && RunTogether(group)) {
    return;
  }
  for (Entry* entry : group) {
    entry->status = RunAlone(*entry);
  }
}

bool Writer::RunTogether(std::span<Entry* const> group) {
  if (const core::Status begun = connection_->Exec("BEGIN IMMEDIATE"); !begun) {
    std::ranges::for_each(group, [&begun](Entry* entry) { entry->status = begun; });
    return true;  // nobody waits for the same lock again
  }
  for (Entry* entry : group) {
    entry->status = InSavepoint(*entry->work);
    if (!connection_->in_transaction()) {
      return false;  // the engine took everything back: disk full, for one
    }
  }
  if (!connection_->Exec("COMMIT")) {
    (void)connection_->Exec("ROLLBACK");
    return false;
  }
  return true;
}

core::Status Writer::InSavepoint(const Work& work) {
  SB_CHECK_OK(connection_->Exec("SAVEPOINT one"));
  core::Status status = RunOne(work);
  if (!status && connection_->in_transaction()) {
    (void)connection_->Exec("ROLLBACK TO one");
  }
  if (connection_->in_transaction()) {
    SB_CHECK_OK(connection_->Exec("RELEASE one"));
  }
  return status;
}

core::Status Writer::RunAlone(const Entry& entry) {
  SB_CHECK_OK(connection_->Exec("BEGIN IMMEDIATE"));
  if (entry.change) {
    connection_->LiftLimit();
  }
  core::Status status = RunOne(*entry.work);
  if (status) {
    status = connection_->Exec("COMMIT");
  }
  connection_->RestoreLimit();
  if (connection_->in_transaction()) {
    (void)connection_->Exec("ROLLBACK");
  }
  return status;
}

core::Status Writer::RunOne(const Work& work) {
  SqliteTransaction transaction(*connection_);
  try {
    core::Status status = work(transaction);
    return transaction.failure() ? status : transaction.failure();
  } catch (const std::exception& thrown) {  // of somebody else's work, maybe
    return core::Fail(ErrorCode::kInternal, thrown.what());
  }
}

}  // namespace signalbox::store::sqlite
