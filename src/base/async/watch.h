// One descriptor in the loop's epoll set, from construction to destruction.
//
// Owner:   whoever owns the descriptor; the Watch closes nothing.
// Threads: the loop's.
// Errors:  as Waiter.
// Cancel:  a wait that ends early leaves the descriptor as it was.
//
// Edge-triggered: `readable()` stays true until the reader says that the kernel had no more
// (ClearReadable), so that no read is made that finds nothing and no wait costs a system call.
#pragma once

#include <cstdint>

#include "base/async/loop.h"
#include "base/async/wait.h"
#include "base/core/error.h"

namespace signalbox::async {

class Watch {
 public:
  // Called from the loop, before waits are resumed, when the peer has shut down its side or the
  // connection broke.
  class HangupListener {
   public:
    virtual void OnHangup(bool broken) = 0;

   protected:
    ~HangupListener() = default;
  };

  // Registers `fd` (non-blocking). `ok()` is false when the kernel refused it.
  Watch(Loop& loop, int fd);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  Loop& loop() const { return loop_; }
  bool ok() const { return registered_; }

  bool readable() const { return readable_; }
  bool writable() const { return writable_; }
  // The kernel had less than was asked for. Ignored once the peer has hung up: then there is an end
  // still to be read.
  void ClearReadable() { readable_ = hung_up_; }
  void ClearWritable() { writable_ = broken_; }
  bool hung_up() const { return hung_up_; }  // the peer sends no more
  bool broken() const { return broken_; }    // reset, or both sides closed

  void set_hangup_listener(HangupListener* listener) { listener_ = listener; }

  // co_await watch.Readable(deadline) -> Wake. One waiter per direction.
  auto Readable(Deadline deadline) { return Awaiter<&Watch::reader_>{*this, deadline, readable_}; }
  auto Writable(Deadline deadline) { return Awaiter<&Watch::writer_>{*this, deadline, writable_}; }
  // Whichever comes first.
  auto Either(Deadline deadline) {
    return Awaiter<&Watch::reader_, &Watch::writer_>{*this, deadline, readable_ || writable_};
  }

 private:
  friend class Loop;

  Waiter* reader_ = nullptr;
  Waiter* writer_ = nullptr;

  template <Waiter* Watch::*... slots>
  struct Awaiter {
    bool await_ready() const { return ready; }
    bool await_suspend(std::coroutine_handle<> handle) {
      if (!waiter.Suspend(handle, deadline)) {
        return false;
      }
      ((watch.*slots = &waiter), ...);
      return true;
    }
    Wake await_resume() {
      if (waiter.wake() == Wake::kNone) {
        return Wake::kReady;
      }
      ((watch.*slots = watch.*slots == &waiter ? nullptr : watch.*slots), ...);
      return waiter.wake();
    }
    Watch& watch;
    Deadline deadline;
    bool ready;
    Waiter waiter{watch.loop_};
  };

  void OnEvents(std::uint32_t events);
  const Waiter* NextToWake() const { return reader_; }

  Loop& loop_;
  int fd_;
  HangupListener* listener_ = nullptr;
  bool registered_ = false;
  bool readable_ = false;
  bool writable_ = false;
  bool hung_up_ = false;
  bool broken_ = false;
  bool* destroyed_ = nullptr;  // set while OnEvents runs
};

core::Error ToError(Wake wake);  // kDeadline and kCancelled only

}  // namespace signalbox::async
