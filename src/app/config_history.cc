// `signalbox config history|diff|restore|reload`.
#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "app/config_command.h"
#include "app/options.h"
#include "app/process_facts.h"
#include "app/reload_note.h"
#include "base/config/diff.h"
#include "base/config/history.h"
#include "base/config/restore.h"
#include "surface/cli/exit_status.h"

namespace signalbox::app {
namespace {

using cli::kDone;
using cli::kFailed;
using cli::kNotReached;
using cli::kWrongUse;

// A reload may run commands that print secrets, 5 s each.
constexpr std::chrono::seconds kReloadTime{60};

int Fail(const core::Error& error, cli::ExitStatus status = kFailed) {
  fmt::print(stderr, "signalbox: {}\n", error.message);
  return status;
}

std::optional<config::Loaded<Options>> Load(const config::Request& request) {
  auto loaded = LoadOptions(request);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", config::Text(loaded.problems));
    return std::nullopt;
  }
  return loaded;
}

void Print(const config::Changes& changes, bool json) {
  if (json) {
    fmt::print("{}\n", config::Json(changes));
  } else {
    fmt::print("{}", changes.empty() ? "no difference\n" : config::Text(changes));
  }
}

// A key that stands in the present file is put into what comes back: not for another host.
void CheckHosts(const config::Loaded<Options>& present, config::Loaded<Options>& back) {
  for (const auto& [name, options] : back.value.providers) {
    const auto before = present.value.providers.find(name);
    const std::string path = config::Join("providers", name);
    const config::Source key = back.sources.Find(path + ".key");
    const bool literal =
        !options.key.empty() && key.kind == config::Source::Kind::kFile && key.variable.empty();
    if (!literal || before == present.value.providers.end()) {
      continue;
    }
    const auto now = providers::MakeProvider(name, before->second, present.value.upstream_gateway);
    const auto then = providers::MakeProvider(name, options, back.value.upstream_gateway);
    if (now.base_url.host != then.base_url.host) {
      back.Complain(path + ".key", "its host was " + then.base_url.host + ", it is " +
                                       now.base_url.host +
                                       ": a key is not moved to another host by itself; restore "
                                       "by hand, and write the key that belongs there");
    }
  }
}

// The directory that the configuration names, also when the rest of it is wrong.
std::string DataOf(const config::Request& request) {
  return LoadOptions(request).value.data;
}

}  // namespace

int ConfigHistory(const config::Request& request, std::optional<std::uint64_t> version, bool json) {
  const config::History history(DataOf(request));
  if (version) {
    const auto found = history.Get(*version);
    if (!found) {
      return Fail(found.error());
    }
    if (json) {
      fmt::print("{}\n", config::Json(*found));
      return kDone;
    }
    fmt::print("{}\n", config::Line(*found));
    for (const config::TextInput& file : found->files) {
      fmt::print("\n# {}\n{}", file.name, file.text);
    }
    return kDone;
  }
  for (const config::Version& each : history.List()) {
    fmt::print("{}\n", json ? config::Json(each) : config::Line(each));
  }
  return kDone;
}

int ConfigDiff(const config::Request& request, const std::vector<std::uint64_t>& versions,
               bool json) {
  const config::History history(DataOf(request));
  const config::TableData& table = *RootTable().data();
  if (versions.size() == 2) {
    const auto changes = history.Diff(table, versions[0], versions[1]);
    if (!changes) {
      return Fail(changes.error());
    }
    Print(*changes, json);
    return kDone;
  }
  const auto loaded = Load(request);
  if (!loaded) {
    return kWrongUse;
  }
  const auto all = history.List();
  if (versions.empty() && all.empty()) {
    return Fail(
        {core::ErrorCode::kNotFound,
         "no configuration has been in effect yet with the data directory " + loaded->value.data,
         {},
         {}});
  }
  const auto from =
      versions.empty() ? core::Result<config::Version>(all.back()) : history.Get(versions.front());
  if (!from) {
    return Fail(from.error());
  }
  Print(config::DiffValues(table, from->values, config::Flatten(RootTable(), loaded->value)), json);
  return kDone;
}

int ConfigRestore(const config::Request& request, std::uint64_t version) {
  const auto present = LoadOptions(request);  // wrong as it may be
  const config::History history(present.value.data);
  const auto restored =
      config::Restore<Options>(RootTable(), history, version, present, request, core::WallNow(),
                               [&](config::Loaded<Options>& back) { CheckHosts(present, back); });
  if (!restored) {
    return Fail(restored.error());
  }
  if (!restored->ok()) {
    fmt::print(stderr, "version {} is wrong by now; nothing was written\n{}", version,
               config::Text(restored->problems));
    return kWrongUse;
  }
  fmt::print("version {} is written; a running Signalbox takes it over by itself\n", version);
  Print(config::Diff(RootTable(), present.value, restored->value), false);
  return kDone;
}

int ConfigReload(const config::Request& request) {
  const std::string data = DataOf(request);
  const auto pid = ProcessToAsk(data, "config reload");
  if (!pid) {
    return Fail(pid.error(),
                pid.error().code == core::ErrorCode::kNotFound ? kNotReached : kFailed);
  }
  const auto before = ReadReloadNote(data);
  const std::uint64_t number = before ? before->number : 0;
  if (kill(*pid, SIGHUP) != 0) {
    return Fail({core::ErrorCode::kForbidden,
                 fmt::format("process {}: {}", *pid, core::ErrnoMessage(errno)),
                 {},
                 {}});
  }
  const core::MonoTime until = core::MonoNow() + kReloadTime;
  while (core::MonoNow() < until) {
    const auto note = ReadReloadNote(data);
    if (note && note->number > number) {
      fmt::print(note->ok ? stdout : stderr, "{}\n{}",
                 note->ok ? "reloaded" : "refused; the configuration in effect stays", note->text);
      return note->ok ? kDone : kWrongUse;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return Fail({core::ErrorCode::kDeadlineExceeded,
               fmt::format("process {} has not answered for {} s; its log says more", *pid,
                           kReloadTime.count()),
               {},
               {}});
}

}  // namespace signalbox::app
