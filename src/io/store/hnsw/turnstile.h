// A lock for readers and a writer in which nobody is overtaken for ever: who comes after a writer
// waits until it was in.
//
// Owner: who is locked. Threads: any. Errors: none. Cancel: no.
#pragma once

#include <mutex>
#include <shared_mutex>

namespace signalbox::hnsw {

class Turnstile {
 public:
  [[nodiscard]] std::shared_lock<std::shared_mutex> Read() {
    const std::scoped_lock passing(door_);
    return std::shared_lock(room_);
  }
  [[nodiscard]] std::unique_lock<std::shared_mutex> Write() {
    const std::scoped_lock passing(door_);
    return std::unique_lock(room_);
  }

 private:
  std::mutex door_;
  std::shared_mutex room_;
};

}  // namespace signalbox::hnsw
