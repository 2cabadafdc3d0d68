// A lazy coroutine: starts when it is awaited (or handed to Gate::Spawn), runs on the loop of
// whoever awaits it, resumes its awaiter when it is done.
//
// Owner:   the Task object owns the frame; it is awaited exactly once. A task that has started is
//          never destroyed before its end: cancelling makes its waits return kCancelled.
// Threads: stays on the loop that started it.
// Errors:  fallible work is Task<Result<T>>. An exception (out of memory) travels to the awaiter.
// Cancel:  through the Deadline of the waits inside.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/async/frame_pool.h"

namespace signalbox::async {

namespace internal {

class PromiseBase {
 public:
  static void* operator new(std::size_t size) { return FramePool::Allocate(size); }
  static void operator delete(void* frame, std::size_t size) { FramePool::Free(frame, size); }

  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept {
    struct ResumeAwaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return next; }
      void await_resume() noexcept {}
      std::coroutine_handle<> next;
    };
    return ResumeAwaiter{continuation_};
  }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  void set_continuation(std::coroutine_handle<> continuation) { continuation_ = continuation; }
  void RethrowIfFailed() {
    if (exception_) [[unlikely]] {
      std::rethrow_exception(std::move(exception_));
    }
  }

 private:
  std::coroutine_handle<> continuation_ = std::noop_coroutine();
  std::exception_ptr exception_;
};

template <typename T>
class Promise : public PromiseBase {
 public:
  auto get_return_object() { return std::coroutine_handle<Promise>::from_promise(*this); }
  template <typename U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T Take() {
    RethrowIfFailed();
    return *std::move(value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  auto get_return_object() { return std::coroutine_handle<Promise>::from_promise(*this); }
  void return_void() {}
  void Take() { RethrowIfFailed(); }
};

}  // namespace internal

template <typename T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = internal::Promise<T>;

  Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}  // NOLINT: by the compiler
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) {
      handle_.destroy();
    }
  }

  auto operator co_await() && noexcept {
    struct Awaiter {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        handle.promise().set_continuation(awaiting);
        return handle;
      }
      T await_resume() { return handle.promise().Take(); }
      std::coroutine_handle<promise_type> handle;
    };
    return Awaiter{handle_};
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

}  // namespace signalbox::async
