// How many calls beyond the first ones a worker may make, so that trying again never multiplies an
// outage: a share of the requests of the last seconds, and a small number besides.
//
// Owner: Health, one per worker. Threads: the worker's. Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/execution/options.h"
#include "pipeline/execution/sliding_counts.h"

namespace signalbox::execution {

class RetryBudget {
 public:
  void CountRequest(core::MonoTime now, const RetryOptions& options) {
    counts_.Add(now, options.budget_window);
  }

  // Takes one, if there is one left.
  bool Take(core::MonoTime now, const RetryOptions& options) {
    if (Left(now, options) < 1) {
      return false;
    }
    counts_.Mark();
    return true;
  }

  double Left(core::MonoTime now, const RetryOptions& options) {
    counts_.Advance(now, options.budget_window);
    const double seconds = std::chrono::duration<double>(options.budget_window).count();
    const double allowed = options.budget * static_cast<double>(counts_.all()) +
                           static_cast<double>(options.budget_min) * seconds;
    return allowed - static_cast<double>(counts_.marked());
  }

 private:
  SlidingCounts counts_;  // requests; marked: calls beyond their first
};

}  // namespace signalbox::execution
