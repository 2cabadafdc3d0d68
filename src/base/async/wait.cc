#include "base/async/wait.h"

#include <cassert>

#include "base/async/loop.h"

namespace signalbox::async {

void Cancellation::Cancel() {
  cancelled_ = true;
  while (waiters_ != nullptr) {
    waiters_->ResumeLater(Wake::kCancelled);
  }
  if (listener_ != nullptr) {
    std::exchange(listener_, nullptr)->Cancelled();
  }
}

Waiter::~Waiter() {
  assert(!handle_);
}

bool Waiter::Suspend(std::coroutine_handle<> handle, const Deadline& deadline) {
  if (deadline.cancellation != nullptr) {
    if (deadline.cancellation->cancelled()) {
      wake_ = Wake::kCancelled;
      return false;
    }
    next_ = deadline.cancellation->waiters_;
    back_ = &deadline.cancellation->waiters_;
    if (next_ != nullptr) {
      next_->back_ = &next_;
    }
    deadline.cancellation->waiters_ = this;
  }
  if (deadline.at != core::kNever) {
    loop_.timers_.Arm(*this, deadline.at);
  }
  wake_ = Wake::kNone;
  handle_ = handle;
  return true;
}

std::coroutine_handle<> Waiter::End(Wake wake) {
  Disarm();
  if (back_ != nullptr) {
    *back_ = next_;
    if (next_ != nullptr) {
      next_->back_ = back_;
    }
    back_ = nullptr;
    next_ = nullptr;
  }
  wake_ = wake;
  return std::exchange(handle_, nullptr);
}

void Waiter::ResumeNow(Wake wake) {
  End(wake).resume();
}

void Waiter::ResumeLater(Wake wake) {
  loop_.Ready(End(wake));
}

void Waiter::Fire() {
  ResumeNow(Wake::kDeadline);
}

}  // namespace signalbox::async
