#include "base/async/gate.h"

#include <cassert>

namespace signalbox::async {

// The coroutine that awaits a spawned task: starts by itself, frees itself.
struct Gate::Root {
  struct promise_type {
    static void* operator new(std::size_t size) { return FramePool::Allocate(size); }
    static void operator delete(void* frame, std::size_t size) { FramePool::Free(frame, size); }
    Root get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }  // Start catches everything
  };
};

Gate::~Gate() {
  assert(running_ == 0);
}

bool Gate::Spawn(Task<void> task) {
  if (closed_) {
    return false;
  }
  Start(this, std::move(task));
  return true;
}

Gate::Root Gate::Start(Gate* gate, Task<void> task) {
  ++gate->running_;  // here, where the frame is there
  std::exception_ptr exception;
  {
    // The task's frame goes before the gate hears of its end.
    Task<void> running = std::move(task);
    try {
      co_await std::move(running);
    } catch (...) {
      exception = std::current_exception();
    }
  }
  gate->Leave(std::move(exception));
}

void Gate::Leave(std::exception_ptr exception) {
  if (exception) {
    if (!on_exception_) {
      std::terminate();
    }
    on_exception_(std::move(exception));
  }
  --running_;
  if (running_ == 0) {
    drained_.Set();
  }
}

void Gate::Close() {
  closed_ = true;
  cancellation_.Cancel();
}

Task<bool> Gate::Drained(Deadline deadline) {
  while (running_ != 0) {
    drained_.Reset();
    const Wake wake = co_await drained_.Wait(deadline);
    if (wake != Wake::kReady) {
      break;
    }
  }
  co_return running_ == 0;
}

}  // namespace signalbox::async
