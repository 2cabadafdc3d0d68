#include "base/config/watch_thread.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <new>

namespace signalbox::config {
namespace {

constexpr int kWithoutMemory = 100;  // milliseconds

}  // namespace

WatchThread::WatchThread(LoadedFiles files, std::function<void()> on_change, WatchOptions options)
    : on_change_(std::move(on_change)),
      options_(options),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      files_(std::move(files)),
      thread_([this] { Run(); }) {}

WatchThread::~WatchThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  Wake();
  thread_.join();
  close(wake_);
}

void WatchThread::Watch(LoadedFiles files) {
  {
    const std::lock_guard lock(mutex_);
    files_ = std::move(files);
  }
  Wake();
}

void WatchThread::Wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

void WatchThread::Run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals are the main thread's
  Watcher watcher(options_);
  std::optional<LoadedFiles> files;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (stop_) {
        return;
      }
      if (files_) {
        files = std::exchange(files_, std::nullopt);
      }
    }
    try {
      if (files) {
        watcher.Watch(*files);
        files.reset();
      }
      if (watcher.Changed(core::MonoNow())) {
        on_change_();
        continue;
      }
    } catch (const std::bad_alloc&) {
      poll(nullptr, 0, kWithoutMemory);  // then again
    }
    pollfd waits[] = {
        {.fd = wake_, .events = POLLIN, .revents = 0},
        {.fd = watcher.Listens() ? watcher.descriptor() : -1, .events = POLLIN, .revents = 0}};
    poll(waits, 2, static_cast<int>(watcher.Wait(core::MonoNow()).count()));
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_, &count, sizeof count);
  }
}

}  // namespace signalbox::config
