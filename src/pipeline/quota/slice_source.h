// Where a replica gets more of a budget that it shares with others.
//
// Owner:   app/, one per process, over what talks to the shared store. Threads: any worker's.
// Errors:  none; whoever asked reserves again and is refused by the budget itself.
// Cancel:  through the deadline; what was asked for may come later, for the next call.
#pragma once

#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/async/wait.h"
#include "pipeline/quota/budget.h"

namespace signalbox::quota {

class SliceSource {
 public:
  // Ends when more of `budget` was asked for and the answer is in effect, or the deadline is over.
  // What is wanted was said by budget.Ask.
  virtual async::Task<void> Fetch(Budget& budget, async::Loop& home, async::Deadline deadline) = 0;
  // Whether whoever keeps the shared budgets answered lately.
  virtual bool reachable() const = 0;

 protected:
  ~SliceSource() = default;
};

}  // namespace signalbox::quota
