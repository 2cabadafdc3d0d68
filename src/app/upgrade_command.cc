#include "app/upgrade_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "app/options.h"
#include "app/process_facts.h"
#include "app/upgrade_note.h"
#include "app/version.h"
#include "base/core/time.h"
#include "base/json/writer.h"
#include "surface/cli/exit_status.h"
#include "surface/cli/terminal.h"

namespace signalbox::app {
namespace {

using core::ErrorCode;
using core::Fail;

// Longer than the running process waits for the new one.
constexpr std::chrono::seconds kPatience{90};
constexpr std::chrono::milliseconds kLookEvery{20};

// What came of it, once there is a note after `number`.
core::Result<UpgradeNote> Outcome(const std::string& data, int pid, std::uint64_t number) {
  const core::MonoTime until = core::MonoNow() + kPatience;
  cli::StatusLine line(STDERR_FILENO);
  line.Show(fmt::format("process {} starts its successor …", pid));
  while (core::MonoNow() < until) {
    if (auto note = ReadUpgradeNote(data); note && note->number > number) {
      return *std::move(note);
    }
    if (kill(pid, 0) != 0 && errno == ESRCH) {
      return Fail(ErrorCode::kUnavailable,
                  fmt::format("process {} has ended before it handed over; its log says why", pid));
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  return Fail(ErrorCode::kDeadlineExceeded,
              fmt::format("process {} has not said for {} s how the upgrade ended; its log says "
                          "more, and it goes on serving unless that says otherwise",
                          pid, kPatience.count()));
}

std::string JsonOf(const UpgradeNote& note, int old_pid, double seconds) {
  std::string out;
  json::Writer writer(out);
  writer.BeginObject().Key("ok").Bool(note.ok).Key("from_version").String(note.from_version);
  writer.Key("from_pid").Int(old_pid);
  if (note.ok) {
    writer.Key("to_version").String(note.to_version).Key("to_pid").Int(note.pid);
  } else {
    writer.Key("reason").String(note.reason);
  }
  writer.Key("seconds").Double(seconds).EndObject();
  return out;
}

void Tell(const UpgradeNote& note, int old_pid, double seconds) {
  if (!note.ok) {
    fmt::print(stderr,
               "signalbox upgrade: the new process did not start: {}\n"
               "process {} ({}) goes on serving; mend that and run signalbox upgrade again\n",
               note.reason, old_pid, note.from_version);
    return;
  }
  fmt::print("upgraded from {} (pid {}) to {} (pid {}) in {:.2f} s\n", note.from_version, old_pid,
             note.to_version, note.pid, seconds);
  if (note.from_version == note.to_version) {
    fmt::print("the version is the same; to change it, put the new program file in place first\n");
  }
  fmt::print("process {} finishes what it has begun, and ends\n", old_pid);
}

}  // namespace

int UpgradeCommand(const config::Request& request, bool json) {
  const std::string data = LoadOptions(request).value.data;  // also when the rest of it is wrong
  const auto pid = ProcessToAsk(data, "upgrade");
  if (!pid) {
    fmt::print(stderr, "signalbox upgrade: {}\n", pid.error().message);
    return pid.error().code == ErrorCode::kNotFound ? cli::kNotReached : cli::kFailed;
  }
  const auto before = ReadUpgradeNote(data);
  const core::MonoTime started = core::MonoNow();
  if (kill(*pid, SIGUSR2) != 0) {
    fmt::print(stderr, "signalbox upgrade: process {}: {}; run it as the user that runs it\n", *pid,
               core::ErrnoMessage(errno));
    return cli::kFailed;
  }
  const auto note = Outcome(data, *pid, before ? before->number : 0);
  if (!note) {
    fmt::print(stderr, "signalbox upgrade: {}\n", note.error().message);
    return cli::kFailed;
  }
  const double seconds = std::chrono::duration<double>(core::MonoNow() - started).count();
  if (json) {
    fmt::print("{}\n", JsonOf(*note, *pid, seconds));
  } else {
    Tell(*note, *pid, seconds);
  }
  return note->ok ? cli::kDone : cli::kFailed;
}

}  // namespace signalbox::app
