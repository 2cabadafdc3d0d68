#include "app/wishes.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

namespace signalbox::app {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR2};

sigset_t SetOf(std::span<const int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  return set;
}

int Checked(int descriptor) {
  if (descriptor < 0) {
    throw std::system_error(errno, std::generic_category(), "waiting for signals");
  }
  return descriptor;
}

Wish Meaning(std::uint32_t signal) {
  switch (signal) {
    case SIGHUP:
      return Wish::kReload;
    case SIGUSR2:
      return Wish::kUpgrade;
    default:
      return Wish::kStop;
  }
}

int MillisUntil(core::MonoTime until) {
  if (until == core::kNever) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - core::MonoNow()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

}  // namespace

Wishes::Wishes() : signals_(-1), posted_(Checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {
  const sigset_t set = SetOf(kSignals);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = Checked(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

Wishes::~Wishes() {
  close(signals_);
  close(posted_);
}

Wish Wishes::Wait(core::MonoTime until) {
  while (true) {
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) == sizeof info) {
      return Meaning(info.ssi_signo);
    }
    std::uint64_t count = 0;
    if (read(posted_, &count, sizeof count) == sizeof count) {
      return Wish::kFilesChanged;
    }
    std::array<pollfd, 3> all = {pollfd{signals_, POLLIN, 0}, pollfd{posted_, POLLIN, 0},
                                 pollfd{heard_, POLLIN, 0}};
    if (poll(all.data(), all.size(), MillisUntil(until)) == 0) {
      return Wish::kNone;
    }
    if (all[2].revents != 0) {
      return Wish::kHeard;
    }
  }
}

void Wishes::FilesChanged() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(posted_, &one, sizeof one);
}

void Wishes::LetSignalsEnd() {
  const sigset_t set = SetOf(std::array{SIGINT, SIGTERM});
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace signalbox::app
