#include "base/config/command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/core/argument_list.h"
#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::config {
namespace {

constexpr int kTick = 5;  // milliseconds between looks at whether the program has ended

class Attributes {
 public:
  explicit Attributes(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  int Spawn(pid_t& pid, std::vector<std::string> arguments, const Environment& environment) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment.variables()) {
      variables.push_back(fmt::format("{}={}", name, value));
    }
    return posix_spawnp(&pid, arguments.front().c_str(), &actions_, &attributes_,
                        core::ArgumentList(arguments).data(), core::ArgumentList(variables).data());
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// One running program: its output is read until it ends.
class Running {
 public:
  Running(pid_t pid, int output) : pid_(pid), output_(output) {}

  std::expected<std::string, std::string> Wait(const CommandLimits& limits) {
    const core::MonoTime end = core::MonoNow() + limits.time;
    while (true) {
      const bool ended = Ended();  // before the last read: nothing it printed is missed
      Drain(limits.bytes);
      if (out_.size() > limits.bytes) {
        Kill(ended);
        return std::unexpected(fmt::format("the command prints more than {} bytes", limits.bytes));
      }
      if (ended) {
        return Result();
      }
      if (core::MonoNow() >= end) {
        Kill(false);
        return std::unexpected(
            fmt::format("the command does not end within {} s; is it waiting "
                        "for input?",
                        limits.time.count() / 1000.0));
      }
      pollfd wait{.fd = closed_ ? -1 : output_, .events = POLLIN, .revents = 0};
      poll(&wait, 1, kTick);
    }
  }

 private:
  bool Ended() {
    const pid_t got = waitpid(pid_, &status_, WNOHANG);
    unknown_ = got < 0 && errno != EINTR;
    return got == pid_ || unknown_;
  }
  void Drain(std::size_t limit) {
    char buffer[4096];
    while (!closed_ && out_.size() <= limit) {
      const ssize_t got = read(output_, buffer, sizeof buffer);
      if (got <= 0) {
        closed_ = got == 0 || (errno != EAGAIN && errno != EINTR);
        return;
      }
      out_.append(buffer, static_cast<std::size_t>(got));
    }
  }
  void Kill(bool ended) {
    kill(-pid_, SIGKILL);
    if (!ended) {
      waitpid(pid_, &status_, 0);
    }
  }
  std::expected<std::string, std::string> Result() {
    if (unknown_) {
      return std::unexpected("how the command ended is not known");
    }
    if (WIFSIGNALED(status_)) {
      return std::unexpected(fmt::format("the command was ended by signal {}", WTERMSIG(status_)));
    }
    if (WEXITSTATUS(status_) != 0) {
      return std::unexpected(
          fmt::format("the command failed with exit status {}; run it by hand to see what it says",
                      WEXITSTATUS(status_)));
    }
    return std::move(out_);
  }

  pid_t pid_;
  int output_;
  int status_ = 0;
  bool unknown_ = false;
  bool closed_ = false;
  std::string out_;
};

}  // namespace

std::expected<std::string, std::string> RunCommand(const std::vector<std::string>& arguments,
                                                   const Environment& environment,
                                                   const CommandLimits& limits) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return std::unexpected("the command cannot be started: " + core::ErrnoMessage(errno));
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  pid_t pid = 0;
  const int error = Attributes(ends[1]).Spawn(pid, arguments, environment);
  close(ends[1]);
  auto result =
      error == 0 ? Running(pid, ends[0]).Wait(limits)
                 : std::unexpected("the command cannot be started: " + core::ErrnoMessage(error));
  close(ends[0]);
  return result;
}

}  // namespace signalbox::config
