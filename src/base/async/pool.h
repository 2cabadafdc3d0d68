// Threads for work that blocks or takes long, away from the event loops.
//
// Owner:   app/, one per process; its end waits for the work that has begun and drops the rest.
// Threads: any.
// Errors:  Post is false when too much waits already. Work that finds no memory is given up.
// Cancel:  OnPool stops waiting at its deadline; the work itself goes on and its result is dropped.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <vector>

#include "base/async/event.h"
#include "base/async/loop.h"
#include "base/async/task.h"

namespace signalbox::async {

class Pool {
 public:
  // The threads are started when there is work for them.
  explicit Pool(std::uint32_t threads, std::size_t most_waiting = 1000)
      : most_threads_(threads), most_waiting_(most_waiting) {}
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool Post(std::function<void()> work);

 private:
  void Run();

  const std::uint32_t most_threads_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::uint32_t idle_ = 0;
  bool stop_ = false;
};

// Runs `work` on the pool and goes on on `home` with its result; nullopt when it was not there in
// time, when there was no memory for it, or when the pool takes no more. What `work` refers to must
// outlive the pool.
template <typename T>
Task<std::optional<T>> OnPool(Loop& home, Pool& pool, std::function<T()> work, Deadline deadline) {
  struct Shared {
    explicit Shared(Loop& loop) : done(loop) {}
    Event done;
    std::optional<T> result;
  };
  const auto shared = std::make_shared<Shared>(home);
  const bool taken = pool.Post([shared, &home, work = std::move(work)] {
    const auto result = std::make_shared<std::optional<T>>();
    try {
      result->emplace(work());
    } catch (const std::bad_alloc&) {
      result->reset();
    }
    home.Post([shared, result] {
      shared->result = std::move(*result);
      shared->done.Set();
    });
  });
  if (taken) {
    co_await shared->done.Wait(deadline);
  }
  co_return std::move(shared->result);
}

}  // namespace signalbox::async
