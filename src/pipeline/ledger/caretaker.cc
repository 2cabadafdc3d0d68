#include "pipeline/ledger/caretaker.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "base/telemetry/log.h"

namespace signalbox::ledger {

using telemetry::Level;

Caretaker::Caretaker(store::Sql& sql, CaretakerOptions options)
    : options_(std::move(options)), retention_(sql, options_.retention) {}

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

// Returns true when it is time to stop.
bool Caretaker::SleepFor(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, time, [this] { return stop_; });
}

core::Result<Removed> Caretaker::Round(core::WallTime now) {
  Removed all;
  do {
    SB_TRY(const Removed step, retention_.Step(now));
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
