#include "pipeline/ledger/caretaker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/telemetry/log.h"

namespace signalbox::ledger {

using telemetry::Level;

namespace {

Kept Later(const Kept& a, const Kept& b) {
  return {.minutes_from = std::max(a.minutes_from, b.minutes_from),
          .hours_from = std::max(a.hours_from, b.hours_from)};
}

}  // namespace

Caretaker::Caretaker(store::Sql& sql, CaretakerOptions options)
    : sql_(sql), options_(std::move(options)), retention_(options_.retention) {}

Caretaker::~Caretaker() {
  Stop();
}

void Caretaker::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Caretaker::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Caretaker::Adopt(const RetentionOptions& retention, core::WallTime now) {
  const std::lock_guard lock(mutex_);
  left_ = Later(left_, KeptAt(retention_, now));
  retention_ = retention;
}

RetentionOptions Caretaker::retention() const {
  const std::lock_guard lock(mutex_);
  return retention_;
}

Kept Caretaker::kept(core::WallTime now) const {
  const std::lock_guard lock(mutex_);
  return Later(left_, KeptAt(retention_, now));
}

// As an earlier process may have had shorter ages. Where nothing was removed, this is the begin of
// everything, before which any grain answers the same.
core::Status Caretaker::FindWhatIsLeft() {
  Kept oldest;
  for (const auto& [grain, from] : {std::pair(Grain::kMinute, &oldest.minutes_from),
                                    std::pair(Grain::kHour, &oldest.hours_from)}) {
    SB_CHECK_OK(sql_.Query(
        "SELECT bucket FROM usage_rollups WHERE grain = $1 AND dimension = 0 ORDER BY bucket LIMIT "
        "1",
        {static_cast<std::int64_t>(grain)}, [&](const store::Row& row) {
          *from = row.Int(0);
          return core::Status();
        }));
  }
  const std::lock_guard lock(mutex_);
  left_ = Later(left_, oldest);
  return {};
}

// Returns true when it is time to stop.
bool Caretaker::SleepFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, time, [this] { return stop_; });
}

core::Result<Removed> Caretaker::Round(core::WallTime now) {
  SB_CHECK_OK(FindWhatIsLeft());
  Retention retention(sql_, this->retention());
  Removed all;
  do {
    SB_TRY(const Removed step, retention.Step(now));
    if (step.all() == 0) {
      break;
    }
    all.requests += step.requests;
    all.rollups += step.rollups;
    all.audit += step.audit;
  } while (!SleepFor(options_.pause));
  return all;
}

void Caretaker::Run() {
  static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), options_.niceness));
  bool failing = false;
  do {
    const auto removed = Round(core::WallNow());
    if (!removed && !std::exchange(failing, true)) {
      telemetry::Log(Level::kError, "what is too old cannot be removed from the store",
                     {{"reason", removed.error().message}});
    }
    if (removed) {
      failing = false;
      if (removed->all() != 0) {
        telemetry::Log(Level::kInfo, "removed from the store what is older than is kept",
                       {{"requests", removed->requests},
                        {"rollups", removed->rollups},
                        {"audit", removed->audit}});
        if (options_.on_removed) {
          options_.on_removed(*removed);
        }
      }
    }
  } while (!SleepFor(options_.interval));
}

}  // namespace signalbox::ledger
