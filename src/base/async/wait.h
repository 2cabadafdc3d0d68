// How a coroutine waits: for a descriptor, an event, a moment; until a deadline; or until it is
// cancelled. Whichever comes first ends the wait, the others are undone.
//
// Owner:   a Waiter lives in the frame of the coroutine that waits.
// Threads: the loop's.
// Errors:  a wait ends with kDeadlineExceeded or kCancelled, or with what it waited for.
// Cancel:  Cancellation::Cancel ends every wait that carries it, soon (in the same loop turn), and
//          makes every later one end at once.
#pragma once

#include <coroutine>
#include <cstdint>

#include "base/async/timer_wheel.h"
#include "base/core/time.h"

namespace signalbox::async {

class Loop;
class Waiter;

enum class Wake : std::uint8_t { kNone, kReady, kDeadline, kCancelled };

// One word for "whoever asked is gone". Not copyable; outlives the waits that carry it.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  // Hears of it in the same call, after those that wait have been woken.
  class Listener {
   public:
    virtual void Cancelled() = 0;

   protected:
    ~Listener() = default;
  };

  bool cancelled() const { return cancelled_; }
  void Cancel();
  // One at most; null: none any more. Told once, and not of what has happened already.
  void set_listener(Listener* listener) { listener_ = listener; }
  // Makes the object fit for the next use (a connection's next request). No wait may carry it.
  void Reset() { cancelled_ = false; }

 private:
  friend class Waiter;
  Waiter* waiters_ = nullptr;
  Listener* listener_ = nullptr;
  bool cancelled_ = false;
};

// Until when, and on whose behalf, something may wait. Cheap to copy.
struct Deadline {
  core::MonoTime at = core::kNever;
  Cancellation* cancellation = nullptr;

  // kCancelled or kDeadline when it is over at `now`, else kNone: for work that goes on without
  // waits.
  Wake Over(core::MonoTime now) const {
    if (cancellation != nullptr && cancellation->cancelled()) {
      return Wake::kCancelled;
    }
    return now >= at ? Wake::kDeadline : Wake::kNone;
  }

  // The same caller, with an earlier end if `other` is earlier.
  Deadline Earlier(core::MonoTime other) const { return {other < at ? other : at, cancellation}; }
};

// One suspended coroutine and all that may wake it. Used by the awaiters of Loop, Watch and Event.
class Waiter : private Timer {
 public:
  explicit Waiter(Loop& loop) : loop_(loop) {}
  ~Waiter() override;

  // Suspends `handle` until Notify, the deadline or the cancellation. False: do not suspend, the
  // cancellation has happened already.
  bool Suspend(std::coroutine_handle<> handle, const Deadline& deadline);
  bool waiting() const { return static_cast<bool>(handle_); }
  Wake wake() const { return wake_; }

  // Ends the wait and resumes the coroutine: at once, or later in this turn of the loop.
  void ResumeNow(Wake wake);
  void ResumeLater(Wake wake);

 private:
  friend class Cancellation;
  void Fire() override;
  std::coroutine_handle<> End(Wake wake);

  Loop& loop_;
  std::coroutine_handle<> handle_;
  Waiter* next_ = nullptr;  // in its cancellation's list
  Waiter** back_ = nullptr;
  Wake wake_ = Wake::kNone;
};

}  // namespace signalbox::async
