// Deadlines by the thousand: arming and disarming are a few pointer writes.
//
// Owner:   a Loop. Timers are part of whoever waits and unlink themselves when destroyed.
// Threads: the loop's.
// Errors:  none.
//
// Two levels: 4,096 ticks of one millisecond, and 256 slots of 4,096 ticks that are dealt out to
// the first level when their time begins. A timer never fires early and at most one tick late.
#pragma once

#include <array>
#include <cstdint>

#include "base/core/time.h"

namespace signalbox::async {

class TimerWheel;

class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer() { Disarm(); }

  bool armed() const { return wheel_ != nullptr; }
  void Disarm();

 protected:
  // Called by the loop when the time has come; the timer is disarmed already.
  virtual void Fire() {}

 private:
  friend class TimerWheel;

  TimerWheel* wheel_ = nullptr;
  Timer* next_ = nullptr;
  Timer** back_ = nullptr;  // what points at this timer
  std::uint64_t tick_ = 0;
};

class TimerWheel {
 public:
  explicit TimerWheel(core::MonoTime start) : start_(start) {}

  // Fires `timer` at the first tick at or after `at`. Arming again moves it.
  void Arm(Timer& timer, core::MonoTime at);
  // Fires what is due; says whether anything was.
  bool Advance(core::MonoTime now);
  // Milliseconds until the wheel wants to be advanced again; -1 when no timer is armed.
  int NextWait(core::MonoTime now) const;

 private:
  friend class Timer;
  static constexpr std::uint64_t kSlots = 4096;
  static constexpr std::uint64_t kBlocks = 256;

  std::uint64_t TickOf(core::MonoTime at, bool round_up) const;
  void Link(Timer& timer);
  static void Push(Timer*& list, Timer& timer);
  bool FireSlot(std::uint64_t slot);
  void DealOut(std::uint64_t block);

  core::MonoTime start_;
  std::uint64_t done_tick_ = 0;  // every tick up to and with this one has been fired
  std::uint64_t armed_ = 0;
  std::array<Timer*, kSlots> slots_{};
  std::array<Timer*, kBlocks> blocks_{};
  std::array<std::uint64_t, kSlots / 64> occupied_{};  // may lag behind: set means look
};

}  // namespace signalbox::async
