#include "app/successor.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <fstream>
#include <sstream>
#include <thread>

#include "app/inheritance.h"
#include "base/core/argument_list.h"
#include "base/core/time.h"

namespace signalbox::app {
namespace {

using core::ErrorCode;

constexpr std::chrono::seconds kEndTime{2};

// The environment of this process with one variable more.
std::vector<std::string> EnvironmentWith(const std::string& variable) {
  std::vector<std::string> out{variable};
  const std::string name = variable.substr(0, variable.find('=') + 1);
  for (char** at = environ; *at != nullptr; ++at) {
    if (!std::string_view(*at).starts_with(name)) {
      out.emplace_back(*at);
    }
  }
  return out;
}

// Starts the program with no signal blocked, and with `kept` open in it.
core::Result<pid_t> Spawn(const Origin& origin, int kept) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, kept, kept);  // no longer closed on the way
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<std::string> arguments = origin.arguments;
  auto environment = EnvironmentWith(std::string(kHandOverVariable) + "=" + std::to_string(kept));
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, origin.path.c_str(), &actions, &attributes,
                  core::ArgumentList(arguments).data(), core::ArgumentList(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return core::Fail(ErrorCode::kUnavailable, origin.path + ": " + core::ErrnoMessage(failed));
  }
  return pid;
}

}  // namespace

Origin Origin::OfThisProcess() {
  Origin origin;
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  origin.path.assign(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  std::ifstream file("/proc/self/cmdline");
  for (std::string argument; std::getline(file, argument, '\0');) {
    origin.arguments.push_back(argument);
  }
  return origin;
}

core::Result<Successor> Successor::Start(const Origin& origin, std::span<const int> listeners,
                                         std::string_view text) {
  SB_TRY(auto ends, net::Channel::Pair());
  SB_TRY(const pid_t pid, Spawn(origin, ends.second.descriptor()));
  Successor successor(std::move(ends.first), pid);
  SB_CHECK_OK(successor.line_.Send(text, listeners));
  return successor;
}

Successor::~Successor() {
  if (pid_ == 0 || ready_) {
    return;
  }
  kill(pid_, SIGTERM);
  for (const core::MonoTime until = core::MonoNow() + kEndTime; core::MonoNow() < until;) {
    const auto said = line_.Receive(std::chrono::milliseconds(0));
    const bool serves = said && said->text.starts_with(kReadyWord);
    if (serves || waitpid(pid_, nullptr, WNOHANG) != 0) {
      return;  // it has ended, or serves after all and drains by itself
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill(pid_, SIGKILL);  // it hangs before it listens to signals
  waitpid(pid_, nullptr, 0);
}

core::Status Successor::Hear() {
  auto message = line_.Receive(std::chrono::milliseconds(0));
  if (message && !message->text.starts_with(kReadyWord)) {
    return core::Fail(ErrorCode::kUnavailable, std::move(message->text));
  }
  if (message) {
    version_ = message->text.substr(kReadyWord.size());
    ready_ = true;
    return {};
  }
  if (message.error().code == ErrorCode::kDeadlineExceeded) {
    return std::unexpected(std::move(message).error());
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return core::Fail(ErrorCode::kUnavailable, WIFEXITED(status)
                                                 ? "it ended with status " +
                                                       std::to_string(WEXITSTATUS(status)) +
                                                       "; what it printed says why"
                                                 : "it was ended by a signal");
}

}  // namespace signalbox::app
