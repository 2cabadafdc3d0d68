// Work that somebody has to do now and then, away from requests: one thread, each chore at its own
// pace.
//
// Owner:   the Program's parts; ends before what its chores refer to.
// Threads: Add before Start; chores run on its thread, one after the other, and may block.
// Errors:  a chore's own. Cancel: Stop waits for the chore at hand and runs no other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/core/time.h"

namespace signalbox::app {

class Housekeeping {
 public:
  ~Housekeeping() { Stop(); }

  void Add(std::chrono::milliseconds every, std::function<void()> chore);
  void Start();
  void Stop();

 private:
  struct Chore {
    std::chrono::milliseconds every;
    std::function<void()> work;
    core::MonoTime due{};
  };

  void Run();

  std::vector<Chore> chores_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace signalbox::app
