// What all workers together know of the health of providers, models and keys.
//
// Owner:   the program; outlives the workers' serving.
// Threads: Add before the workers start; Collect on any worker's loop.
// Errors:  none; a worker that does not answer in time is left out.
// Cancel:  the deadline's.
#pragma once

#include <functional>
#include <vector>

#include "base/async/loop.h"
#include "base/async/task.h"
#include "pipeline/execution/health_report.h"

namespace signalbox::app {

class HealthBoard {
 public:
  // `report` runs on `loop`.
  void Add(async::Loop& loop, std::function<execution::HealthReport()> report);

  // Asks every worker, and goes on on `home`.
  async::Task<execution::HealthReport> Collect(async::Loop& home, async::Deadline deadline) const;

 private:
  struct Round;
  struct Member {
    async::Loop* loop;
    std::function<execution::HealthReport()> report;
  };
  std::vector<Member> members_;
};

}  // namespace signalbox::app
