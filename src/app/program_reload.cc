// The part of Program that takes a changed configuration over.
#include <fmt/format.h>

#include <future>
#include <new>

#include "app/program.h"
#include "app/reload_note.h"
#include "base/config/diff.h"
#include "base/telemetry/log.h"
#include "io/net/systemd.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::Log;

// A worker that is busy with one long piece of work takes the new configuration a little later.
constexpr std::chrono::seconds kAdoptTime{1};

}  // namespace

// Systemd hears of it, and of how it ended. Not enough memory for another configuration is no
// reason to stop serving with this one.
void Program::ReloadAndSay(std::string_view why) {
  std::string_view ended = "READY=1\nSTATUS=serving; there was no memory to reload";
  try {
    const auto now =
        std::chrono::duration_cast<std::chrono::microseconds>(core::MonoNow().time_since_epoch());
    net::NotifySystemd(request_.environment,
                       fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
    ended = Reload(why) ? "READY=1\nSTATUS=serving"
                        : "READY=1\nSTATUS=serving; the configuration as it is written is wrong, "
                          "the one before it stays in effect";
  } catch (const std::bad_alloc&) {
    reload_good_.Set(0);
    Log(Level::kError, "no memory to read the configuration again; the one in effect stays");
  }
  net::NotifySystemd(request_.environment, ended);
}

// Reads the configuration again; whether it is in effect. What is right takes effect for requests
// that begin from then on; when anything is wrong, nothing changes.
bool Program::Reload(std::string_view why) {
  Prepared next = Prepare(request_, discovery_, snapshot_.get());
  watch_->Watch(next.loaded.files);  // right or wrong, so that its repair is seen
  if (next.snapshot != nullptr) {
    CheckReload(loaded_.value, next.loaded);
    next.snapshot = next.loaded.ok() ? next.snapshot : nullptr;
  }
  if (next.snapshot == nullptr) {
    Refuse(next.loaded.problems, why);
    return false;
  }
  const config::Changes changes = config::Diff(RootTable(), loaded_.value, next.loaded.value);
  Log(Level::kInfo, "configuration reloaded",
      {{"why", why}, {"changes", changes.size()}, {"restart", config::NeedsRestart(changes)}});
  for (const config::Change& change : changes) {
    Log(Level::kInfo, "configuration changed", {{"change", change.Text()}});
  }
  telemetry::SetLogLevel(next.loaded.value.log.level);
  Publish(next.snapshot);
  if (const core::Status adopted = records_->Adopt(next.loaded.value); !adopted) {
    Log(Level::kError, "limits and budgets stay as they were",
        {{"reason", adopted.error().message}});
  }
  MarkInEffect();
  Keep(next.loaded, fmt::format("reload ({})", why));
  KeepWhatNeedsRestart(loaded_.value, next.loaded.value);
  loaded_ = std::move(next.loaded);
  WriteReloadNote(loaded_.value.data, {.ok = true, .text = config::Text(changes)});
  return true;
}

void Program::Publish(std::shared_ptr<const Snapshot> next) {
  std::vector<std::future<void>> taken;
  for (const auto& worker : running_) {
    taken.push_back(worker->Adopt(next));
  }
  const auto until = core::MonoNow() + kAdoptTime;
  for (const std::future<void>& each : taken) {
    each.wait_until(until);
  }
  snapshot_ = std::move(next);
}

void Program::Refuse(const std::vector<config::Problem>& problems, std::string_view why) {
  reload_good_.Set(0);
  Log(Level::kError, "the configuration is wrong; the one in effect stays",
      {{"why", why}, {"problems", problems.size()}});
  for (const config::Problem& problem : problems) {
    Log(Level::kError, "problem in the configuration", {{"problem", problem.Text()}});
  }
  WriteReloadNote(loaded_.value.data, {.ok = false, .text = config::Text(problems)});
}

void Program::MarkInEffect() {
  reload_good_.Set(1);
  reload_time_.Set(static_cast<double>(
      std::chrono::floor<std::chrono::seconds>(core::WallNow().time_since_epoch()).count()));
}

// Writes down what takes effect now. A disk that does not take it is no reason to stop.
void Program::Keep(const config::Loaded<Options>& loaded, std::string_view why) {
  for (const config::Problem& warning : loaded.warnings) {
    Log(Level::kWarn, "configuration", {{"warning", warning.Text()}});
  }
  const auto kept = history_.Record(RootTable(), loaded, std::string(why), core::WallNow());
  if (!kept) {
    Log(Level::kWarn, "the configuration's history cannot be written",
        {{"error", kept.error().message}});
  }
}

}  // namespace signalbox::app
