// Test bodies that are coroutines on a loop of their own.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/async/task.h"

namespace signalbox::async {

// Ends the program when a test body does not: what it waits for will not come any more.
class Watchdog final : public Timer {
 public:
  explicit Watchdog(Loop& loop) { loop.Arm(*this, core::MonoNow() + std::chrono::seconds(60)); }

 private:
  void Fire() override {
    ADD_FAILURE() << "the test body waits for ever";
    std::abort();
  }
};

inline Task<void> ThenStop(Loop* loop, Task<void> task) {
  co_await std::move(task);
  loop->Stop();
}

// Runs `body` to its end on a new loop.
template <typename Body>
void RunOnLoop(Body body) {
  auto created = Loop::Create();
  ASSERT_TRUE(created.has_value());
  Loop& loop = **created;
  Watchdog watchdog(loop);
  Gate gate(loop);
  gate.set_on_exception([&](std::exception_ptr) {
    ADD_FAILURE() << "an exception left the test body";
    loop.Stop();
  });
  gate.Spawn(ThenStop(&loop, body(loop)));
  loop.Run();
}

}  // namespace signalbox::async

// A test whose body is a coroutine with `loop` in sight. ASSERT_… does not work inside.
#define LOOP_TEST(suite, name)                                                                 \
  static ::signalbox::async::Task<void> suite##_##name##_Body(::signalbox::async::Loop& loop); \
  TEST(suite, name) {                                                                          \
    ::signalbox::async::RunOnLoop(&suite##_##name##_Body);                                     \
  }                                                                                            \
  static ::signalbox::async::Task<void> suite##_##name##_Body(                                 \
      [[maybe_unused]] ::signalbox::async::Loop& loop)
