// Where spawned coroutines belong: every one that nobody awaits is counted by a gate.
//
// Owner:   the object whose life the coroutines must not outlast; it awaits Drained before it goes.
// Threads: the loop's.
// Errors:  an exception that leaves a spawned task goes to `on_exception` (by default the process
//          ends: nothing may be lost in silence).
// Cancel:  Close cancels the gate's Cancellation and refuses new tasks; Drained waits for the rest.
#pragma once

#include <exception>
#include <functional>

#include "base/async/event.h"
#include "base/async/loop.h"
#include "base/async/task.h"
#include "base/async/wait.h"

namespace signalbox::async {

class Gate {
 public:
  explicit Gate(Loop& loop) : drained_(loop) {}
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // Starts `task` at once. False, and the task is dropped unstarted, when the gate is closed.
  bool Spawn(Task<void> task);

  // What the gate's tasks may put into their deadlines.
  Cancellation& cancellation() { return cancellation_; }
  std::size_t running() const { return running_; }
  bool closed() const { return closed_; }

  void Close();
  // Waits until no task is running or the deadline has come; tells whether none is.
  Task<bool> Drained(Deadline deadline);

  void set_on_exception(std::function<void(std::exception_ptr)> handler) {
    on_exception_ = std::move(handler);
  }

 private:
  struct Root;
  static Root Start(Gate* gate, Task<void> task);
  void Leave(std::exception_ptr exception);

  Cancellation cancellation_;
  Event drained_;
  std::function<void(std::exception_ptr)> on_exception_;
  std::size_t running_ = 0;
  bool closed_ = false;
};

}  // namespace signalbox::async
