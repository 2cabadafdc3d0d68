#include "base/async/pool.h"

#include <new>

namespace signalbox::async {

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

bool Pool::Post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (stop_ || waiting_.size() >= most_waiting_) {
    return false;
  }
  waiting_.push_back(std::move(work));
  if (idle_ < waiting_.size() && threads_.size() < most_threads_) {
    threads_.emplace_back([this] { Run(); });
  }
  changed_.notify_one();
  return true;
}

void Pool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    changed_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    --idle_;
    if (stop_) {
      return;
    }
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    try {
      work();
    } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch)
      // Whoever waits for it finds that it was not done in time.
    }
    lock.lock();
  }
}

}  // namespace signalbox::async
