// The event loop of one worker: descriptors by epoll (edge-triggered, registered once), timers, and
// work posted from other threads.
//
// Owner:   one per worker thread; destroyed after Run has returned.
// Threads: everything but Post and Stop belongs to the thread that runs it.
// Errors:  Create fails when the kernel refuses an epoll set; nothing else.
// Cancel:  Stop ends Run after the current turn; what still waits is not resumed.
//
// Why not a library's reactor: it reads a socket once more after each message only to learn that
// nothing is there, and arms a timer by a system call. docs/architecture.md has the figures.
#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/async/task.h"
#include "base/async/timer_wheel.h"
#include "base/async/wait.h"
#include "base/core/error.h"
#include "base/core/time.h"

namespace signalbox::async {

class Watch;

class Loop {
 public:
  static core::Result<std::unique_ptr<Loop>> Create();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void Run();
  void Stop();                            // any thread
  void Post(std::function<void()> work);  // any thread; runs in a later turn

  // The moment this turn began; good for deadlines and durations over a turn.
  core::MonoTime now() const { return now_; }
  // The same moment in civil time.
  core::WallTime wall_now() const { return now_.time_since_epoch() + wall_offset_; }

  // Resumes `handle` later in this turn.
  void Ready(std::coroutine_handle<> handle) { ready_.push_back(handle); }

  // co_await loop.SleepUntil(deadline): ends at deadline.at, or earlier when cancelled. Tells
  // which.
  auto SleepUntil(Deadline deadline);

  // co_await loop.AfterEvents(): goes on when the next few descriptors that have an event have been
  // heard, within this turn; at once when there are none. For writing what was read: the writes of
  // many streams then follow each other, and whoever receives them is not woken for each one.
  auto AfterEvents();

  // co_await loop.Yield(): goes on in the next turn, after everybody else had theirs. For whoever
  // may find work again and again without ever having to wait; a Turns counter says when.
  auto Yield();

  // Fires `timer` at the first millisecond at or after `at`.
  void Arm(Timer& timer, core::MonoTime at) { timers_.Arm(timer, at); }

  // Calls `hook` when no descriptor has had an event for about a second, and again so long after a
  // timer fired: for giving memory back.
  void OnQuiet(std::function<void()> hook) { on_quiet_ = std::move(hook); }

 private:
  friend class Watch;
  friend class Waiter;

  Loop(int epoll_fd, int wake_fd);
  void RunReady();
  void RunYielded();
  void RunPosted();
  void Poll();
  int PollTimeout();
  void ReadClocks();
  void Forget(const Watch* watch);

  int epoll_fd_;
  int wake_fd_;
  core::MonoTime now_;
  core::WallTime wall_offset_;
  core::MonoTime wall_read_;
  core::MonoTime last_event_;
  TimerWheel timers_;
  std::vector<std::coroutine_handle<>> ready_;
  std::vector<std::coroutine_handle<>> running_;
  std::vector<std::coroutine_handle<>> yielded_;
  std::function<void()> on_quiet_;
  bool quiet_ = false;

  struct Batch;
  std::unique_ptr<Batch> batch_;
  int events_left_ = 0;  // of those that AfterEvents waits for

  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;
  std::atomic<bool> has_posted_{false};
  std::atomic<bool> stopped_{false};
};

// Counts what a coroutine does in one turn of the loop without waiting.
class Turns {
 public:
  // True when `most` things have been done since the turn began: time to yield.
  bool Enough(const Loop& loop, std::uint32_t most) {
    if (loop.now() != turn_) {
      turn_ = loop.now();
      done_ = 0;
    }
    return ++done_ > most;
  }

 private:
  core::MonoTime turn_{};
  std::uint32_t done_ = 0;
};

inline auto Loop::AfterEvents() {
  struct Awaiter {
    bool await_ready() const { return loop.events_left_ == 0; }
    void await_suspend(std::coroutine_handle<> handle) { loop.ready_.push_back(handle); }
    void await_resume() const {}
    Loop& loop;
  };
  return Awaiter{*this};
}

inline auto Loop::Yield() {
  struct Awaiter {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) { loop.yielded_.push_back(handle); }
    void await_resume() const {}
    Loop& loop;
  };
  return Awaiter{*this};
}

inline auto Loop::SleepUntil(Deadline deadline) {
  struct Awaiter {
    bool await_ready() const { return deadline.at <= loop.now(); }
    bool await_suspend(std::coroutine_handle<> handle) { return waiter.Suspend(handle, deadline); }
    Wake await_resume() const {
      return waiter.wake() == Wake::kNone ? Wake::kDeadline : waiter.wake();
    }
    Loop& loop;
    Deadline deadline;
    Waiter waiter{loop};
  };
  return Awaiter{*this, deadline};
}

}  // namespace signalbox::async
