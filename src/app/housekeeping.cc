#include "app/housekeeping.h"

#include <pthread.h>

#include <algorithm>

namespace signalbox::app {

void Housekeeping::Add(std::chrono::milliseconds every, std::function<void()> chore) {
  chores_.push_back({.every = every, .work = std::move(chore)});
}

void Housekeeping::Start() {
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "housekeeping");
    Run();
  });
}

void Housekeeping::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Housekeeping::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_ && !chores_.empty()) {
    const auto next = std::ranges::min_element(chores_, {}, &Chore::due);
    const core::MonoTime now = core::MonoNow();
    if (next->due > now) {
      wake_.wait_for(lock, next->due - now);
      continue;
    }
    lock.unlock();
    next->work();
    next->due = core::MonoNow() + next->every;
    lock.lock();
  }
}

}  // namespace signalbox::app
