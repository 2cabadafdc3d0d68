// Something that has happened or not; one coroutine may wait for it.
//
// Owner: whoever shares it between the two sides. Threads: the loop's. Errors: as Waiter.
#pragma once

#include "base/async/loop.h"
#include "base/async/wait.h"

namespace signalbox::async {

class Event {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  bool set() const { return set_; }
  // Stays set until Reset. A waiter is resumed later in this turn.
  void Set() {
    set_ = true;
    if (waiter_ != nullptr && waiter_->waiting()) {
      std::exchange(waiter_, nullptr)->ResumeLater(Wake::kReady);
    }
  }
  void Reset() { set_ = false; }

  // co_await event.Wait(deadline) -> Wake
  auto Wait(Deadline deadline) {
    struct Awaiter {
      bool await_ready() const { return event.set_; }
      bool await_suspend(std::coroutine_handle<> handle) {
        if (!waiter.Suspend(handle, deadline)) {
          return false;
        }
        event.waiter_ = &waiter;
        return true;
      }
      Wake await_resume() {
        if (event.waiter_ == &waiter) {
          event.waiter_ = nullptr;
        }
        return waiter.wake() == Wake::kNone ? Wake::kReady : waiter.wake();
      }
      Event& event;
      Deadline deadline;
      Waiter waiter{event.loop_};
    };
    return Awaiter{*this, deadline};
  }

 private:
  Loop& loop_;
  Waiter* waiter_ = nullptr;
  bool set_ = false;
};

}  // namespace signalbox::async
