#include "app/health_board.h"

#include <memory>
#include <mutex>
#include <new>

#include "base/async/event.h"

namespace signalbox::app {

// One collection. Whoever is late finds that nobody waits any more.
struct HealthBoard::Round {
  Round(async::Loop& home, std::size_t members) : done(home), left(members) {}
  async::Event done;  // home's
  std::mutex mutex;
  execution::HealthReport joined;
  std::size_t left;
};

void HealthBoard::Add(async::Loop& loop, std::function<execution::HealthReport()> report) {
  members_.push_back({&loop, std::move(report)});
}

async::Task<execution::HealthReport> HealthBoard::Collect(async::Loop& home,
                                                          async::Deadline deadline) const {
  const auto round = std::make_shared<Round>(home, members_.size());
  for (const Member& member : members_) {
    member.loop->Post([&member, &home, round] {
      std::unique_lock lock(round->mutex, std::defer_lock);
      try {
        const execution::HealthReport report = member.report();
        lock.lock();
        round->joined.Join(report);
      } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): left out, or in part
      }
      if (!lock.owns_lock()) {
        lock.lock();
      }
      if (--round->left == 0) {
        home.Post([round] { round->done.Set(); });
      }
    });
  }
  co_await round->done.Wait(deadline);
  const std::lock_guard lock(round->mutex);
  co_return round->joined;
}

}  // namespace signalbox::app
