#include "io/store/hnsw/linker.h"

#include <algorithm>

namespace signalbox::hnsw {

void Linker::Add(std::shared_ptr<Follower> follower) {
  const std::scoped_lock lock(mutex_);
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  if (std::ranges::find(waiting_, follower) == waiting_.end()) {
    waiting_.push_back(std::move(follower));
    added_.notify_one();
  }
}

std::shared_ptr<Follower> Linker::Take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (!added_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    return nullptr;
  }
  auto follower = std::move(waiting_.front());
  waiting_.pop_front();
  return follower;
}

// A collection at a time, each for a while.
void Linker::Run(const std::stop_token& stop) {
  constexpr int kSteps = 256;
  while (const auto follower = Take(stop)) {
    bool more = true;
    for (int step = 0; more && step < kSteps && !stop.stop_requested(); ++step) {
      more = follower->index().Link();
    }
    if (more && !stop.stop_requested()) {
      Add(follower);
    }
  }
}

}  // namespace signalbox::hnsw
