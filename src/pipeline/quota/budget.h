// Money that a subject may spend in a window: what is spent, what is reserved for calls under way,
// and what both may come to.
//
// Owner:   a Subject, for the process's life. Threads: any, any time; atomics alone.
// Errors:  a verdict. Cancel: Settle with 0 gives a reservation back.
// Budget:  Reserve and Settle together, the goal is 30 ns; 100 ns where two cores pull at one
//          (quota_bench.cc measures it).
//
// Invariant: under a hard limit, taken = spent + reserved never passes the ceiling by a Reserve. It
// does by a Settle of more than was reserved, and where the limit is lowered. The ceiling is the
// limit (with the window's credit), or what this replica holds of a limit that it shares.
//
// A reservation is settled into the window that it was taken from: the ticket says which. Two
// windows are kept; a call that outlives the next window whole is not settled here.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "pipeline/quota/calendar.h"
#include "pipeline/quota/pushed_list.h"

namespace signalbox::quota {

struct Subject;
struct Lists;

inline constexpr std::int64_t kNoAmount = std::int64_t{1} << 60;  // more than any limit

struct BudgetTerms {
  std::int64_t limit = kNoAmount;     // 10^-9 dollars
  std::int64_t alert_at = kNoAmount;  // spent, when somebody is to be told
  bool hard = true;
  bool known_prices_only = false;  // a call that nobody can price is refused
  Calendar* calendar = nullptr;

  friend bool operator==(const BudgetTerms&, const BudgetTerms&) = default;
};

// A window as it stands, for reports.
struct BudgetState {
  std::int64_t start = 0;
  std::int64_t limit = 0;  // with the credit
  std::int64_t spent = 0;  // uncertain included
  std::int64_t reserved = 0;
  std::int64_t uncertain = 0;
  std::int64_t credit = 0;
  std::int64_t earlier = 0;    // of spent, by earlier processes
  std::int64_t elsewhere = 0;  // by all others that share it, earlier processes here included
  bool hard = true;

  // By everybody, as far as it is known here.
  std::int64_t all() const { return std::max(spent, spent - earlier + elsewhere); }
};

class Budget;

struct Ticket {
  Budget* budget = nullptr;
  std::int64_t amount = 0;
  std::uint32_t generation = 0;
};

class alignas(64) Budget {
 public:
  enum class Verdict : std::uint8_t {
    kTaken,
    kReserved,    // what calls under way have reserved stands in the way
    kSpent,       // what is spent does
    kNeedsSlice,  // of a limit that is shared, more may be had
  };

  Budget(const Subject& of, Window window) : of_(of), window_(window) {}

  const Subject& of() const { return of_; }
  Window window() const { return window_; }
  Budget* next() const { return next_; }  // of the same subject
  void Link(Budget* next) { next_ = next; }

  Verdict Reserve(std::int64_t amount, std::int64_t wall, Ticket& ticket);
  // `cost` -1: not known, the reservation stays booked. What the control thread is to look at goes
  // to `lists`.
  void Settle(const Ticket& ticket, std::int64_t cost, Lists& lists);

  bool active() const { return limit_.load(std::memory_order_relaxed) != kNoAmount; }
  bool refuses_unknown() const { return (flags_.load(std::memory_order_relaxed) & kKnown) != 0; }
  bool hard() const { return (flags_.load(std::memory_order_relaxed) & kHard) != 0; }
  std::int64_t UntilReset(std::int64_t wall) const;  // -1: never

  // By the control thread.
  void Set(const BudgetTerms& terms);
  BudgetTerms terms() const;
  BudgetState StateAt(std::int64_t wall);
  // Of one of the two windows that are kept.
  std::optional<BudgetState> StateOf(std::int64_t start) const;
  // What earlier processes spent in the window that starts at `start`, if that is now's.
  void Restore(std::int64_t start, std::int64_t spent, std::int64_t uncertain, std::int64_t wall);
  // Money beside the limit, for the window that starts at `start` alone: all of it so far.
  void SetCredit(std::int64_t start, std::int64_t credit, std::int64_t wall);
  // An uncertain amount turned out to be `cost`.
  void Correct(std::int64_t start, std::int64_t uncertain, std::int64_t cost);
  // Shared with other replicas: Reserve keeps to what Grant says, in this window.
  void Share(bool shared);
  // `elsewhere`: spent by all others, to tell what is spent from what is held elsewhere.
  void Grant(std::int64_t start, std::int64_t ceiling, std::int64_t elsewhere, Lists& lists);

  // Amounts that calls found the slice too small for, since they were last taken.
  struct Asked {
    std::int64_t sum = 0;
    std::int64_t largest = 0;
  };
  void Ask(std::int64_t amount);
  Asked TakeAsked();

 private:
  static constexpr std::uint32_t kHard = 1;
  static constexpr std::uint32_t kKnown = 2;
  static constexpr std::uint32_t kShared = 4;

  struct alignas(64) Period {
    std::atomic<std::int64_t> start{-1};
    std::atomic<std::int64_t> taken{0};  // spent + reserved
    std::atomic<std::int64_t> reserved{0};
    std::atomic<std::int64_t> uncertain{0};  // of what is spent
    std::atomic<std::int64_t> credit{0};
    std::atomic<std::int64_t> slice{0};
    std::atomic<std::int64_t> earlier{0};
    std::atomic<std::int64_t> elsewhere{0};  // spent, as last heard
  };
  static_assert(sizeof(Period) == 64);

  Period& Current(std::int64_t wall, std::uint32_t& generation);
  Period& Roll(std::int64_t start, std::uint32_t& generation);
  Period* Find(std::int64_t start);
  BudgetState StateOf(const Period& period) const;
  struct Standing {
    std::int64_t spent = 0;
    std::int64_t reserved = 0;
    bool settled = true;  // false: it changed while it was read, and may be less than this
  };
  static Standing StandingOf(const Period& period);
  std::int64_t CeilingOf(const Period& period, std::uint32_t flags) const;
  Verdict WhyNot(const Period& period, std::int64_t amount, std::uint32_t flags) const;
  static std::int64_t AllOf(const Period& period, std::int64_t spent);
  void CheckAlert(std::uint32_t generation, Lists& lists);

  const Subject& of_;
  const Window window_;
  Budget* next_ = nullptr;
  std::atomic<std::int64_t> limit_{kNoAmount};
  std::atomic<std::int64_t> alert_at_{kNoAmount};
  std::atomic<Calendar*> calendar_{nullptr};
  std::atomic<std::uint32_t> flags_{0};
  std::atomic<std::uint32_t> generation_{0};
  std::atomic<bool> rolling_{false};
  std::atomic<std::int64_t> asked_{0};
  std::atomic<std::int64_t> largest_asked_{0};
  PushedPlace<Budget> alert_place_;
  PushedPlace<Budget> wanted_place_;
  std::array<std::atomic<bool>, 2> alerted_{};
  std::array<Period, 2> periods_;

 public:
  using Alerts = PushedList<Budget, &Budget::alert_place_>;
  using Wanted = PushedList<Budget, &Budget::wanted_place_>;
};

}  // namespace signalbox::quota
