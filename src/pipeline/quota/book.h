// What was spent in the windows that are open, worked out from the ledger: so that a process that
// was killed goes on where it was.
//
// Owner:   whoever reads the ledger in order (app/). Threads: one at a time.
// Errors:  Load: kInternal for a file that is no checkpoint; then everything is replayed. Save: as
//          ReplaceFile's, the file before it stays.
// Cancel:  a kill leaves the last checkpoint whole.
//
// At start: rules and settings first, then Load, then Add for every settlement after the position
// that Load returned, then Restore. Later: Add for every settlement, in the ledger's order, and
// Save now and then. The totals of a checkpoint and its position belong together, so a settlement
// counts once however often the process dies in between.
//
// Budgets in memory count what this process settles itself; the book never touches them again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/core/time.h"
#include "pipeline/quota/registry.h"
#include "pipeline/request/attribution.h"

namespace signalbox::quota {

// One settled attempt, as the ledger has it. Views are read during the call.
struct Booking {
  request::Parties parties;
  request::Labels labels;
  std::string_view provider;
  std::string_view model;           // as sent
  std::int64_t cost_nano_usd = -1;  // -1: nobody knows, it is booked at what was reserved
  std::int64_t reserved_nano_usd = 0;
  core::WallTime reserved_at{};  // of the intent: its window is the one that is charged
};

class Book {
 public:
  explicit Book(Registry& registry) : registry_(registry) {}

  void Add(const Booking& booking);
  // What was booked as uncertain has turned out to cost `cost`; here and in the running budgets. A
  // budget with less than that uncertain is younger than the call, and stays as it is.
  void Correct(const Booking& booking, std::int64_t cost);

  core::Status Save(const std::string& path, std::string_view position) const;
  // The position that the file counts up to; nullopt: there is none, replay everything.
  core::Result<std::optional<std::string>> Load(const std::string& path);
  // Puts the totals of the windows that are open into the budgets. Once, before the first request.
  void Restore(std::int64_t wall);

  struct Total {
    Span span;
    std::int64_t spent = 0;  // uncertain included
    std::int64_t uncertain = 0;
  };
  // Of the window that holds `wall`; zero: nothing was booked.
  Total TotalOf(Budget& budget, std::int64_t wall) const;

 private:
  // The latest window and the one before it, for what was reserved there and settled late.
  struct Totals {
    Total latest;
    Total before;
  };

  template <typename Visit>
  void VisitBudgets(const Booking& booking, Visit visit);
  Total* Find(Budget& budget, std::int64_t wall);
  void Put(Budget& budget, const Total& total);
  core::Status ReadRow(std::string_view code, std::string_view window, const Total& total);

  Registry& registry_;
  std::unordered_map<Budget*, Totals> totals_;
};

}  // namespace signalbox::quota
