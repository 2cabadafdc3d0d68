// Limits and budgets of this installation: what the configuration and the database set, what was
// spent so far as the ledger tells it, and the alerts when a budget nears its end.
//
// Owner:   Records; outlives the workers, whose admissions work on the registry.
// Threads: the registry any worker's; Correct any that may wait; the rest the main thread's at
//          start and on a reload, later the housekeeping's.
// Errors:  Open: a zone that nobody knows, a checkpoint that cannot be read, the database's.
// Cancel:  a kill leaves the checkpoint before; what came after it is replayed from the ledger.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/options.h"
#include "io/store/sql.h"
#include "pipeline/ledger/follower.h"
#include "pipeline/ledger/ledger.h"
#include "pipeline/quota/book.h"
#include "pipeline/quota/settings.h"

namespace signalbox::app {

class Spending {
 public:
  // `shared`: budgets and rate limits are shared with other gateways.
  Spending(store::Sql& sql, std::string data, bool shared);

  // Before the first request. `ledger`: its archive is ours, and what was settled after the last
  // checkpoint is read from it; null: another process has it still.
  core::Status Open(const Options& options, ledger::Ledger* ledger);
  // A reload: counts at once, what was spent stays.
  core::Status Adopt(const Options& options);
  // The archive is ours from now on: the book follows it.
  void Follow(ledger::Ledger& ledger);
  // The archive is another's from now on.
  void StopFollowing();

  // An attempt that was booked at what was reserved, with the cost that it turned out to have. Not
  // where budgets are shared: what other gateways were told stays until the window ends.
  void Correct(const ledger::Record& attempt);

  // Chores, each now and then.
  void Tick();     // every half second
  void CatchUp();  // with the ledger
  void Checkpoint();

  quota::Registry& registry() { return registry_; }
  quota::Settings& settings() { return settings_; }

 private:
  core::Status ReadOn();
  std::string Path() const;

  const std::string data_;
  std::optional<quota::LimitsOptions> limits_;  // in effect
  std::optional<quota::BudgetsOptions> budgets_;
  quota::Registry registry_;
  quota::Settings settings_;
  std::mutex book_mutex_;  // over the book, the follower and what the checkpoint holds
  quota::Book book_;
  bool corrected_ = false;  // since the last checkpoint
  ledger::ArchiveProgress* progress_ = nullptr;
  std::optional<ledger::Follower> follower_;
  std::optional<ledger::Position> loaded_;  // that the checkpoint counts up to
  ledger::Position saved_;
  bool failing_ = false;  // the database, at the last look
  bool save_failing_ = false;
};

}  // namespace signalbox::app
