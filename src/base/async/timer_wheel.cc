#include "base/async/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace signalbox::async {

using std::chrono::milliseconds;

void Timer::Disarm() {
  if (wheel_ == nullptr) {
    return;
  }
  *back_ = next_;
  if (next_ != nullptr) {
    next_->back_ = back_;
  }
  --wheel_->armed_;
  wheel_ = nullptr;
}

std::uint64_t TimerWheel::TickOf(core::MonoTime at, bool round_up) const {
  if (at <= start_) {
    return 0;
  }
  const auto since = at - start_;
  const auto ticks =
      round_up ? std::chrono::ceil<milliseconds>(since) : std::chrono::floor<milliseconds>(since);
  return static_cast<std::uint64_t>(ticks.count());
}

void TimerWheel::Push(Timer*& list, Timer& timer) {
  timer.next_ = list;
  timer.back_ = &list;
  if (list != nullptr) {
    list->back_ = &timer.next_;
  }
  list = &timer;
}

void TimerWheel::Arm(Timer& timer, core::MonoTime at) {
  timer.Disarm();
  timer.tick_ = std::max(TickOf(at, true), done_tick_ + 1);
  timer.wheel_ = this;
  ++armed_;
  Link(timer);
}

void TimerWheel::Link(Timer& timer) {
  const std::uint64_t block = timer.tick_ / kSlots;
  const std::uint64_t this_block = (done_tick_ + 1) / kSlots;
  if (block > this_block) {
    // Further away than the second level reaches: as far as it does, to be dealt out again there.
    Push(blocks_[std::min(block, this_block + kBlocks - 1) % kBlocks], timer);
    return;
  }
  const std::uint64_t slot = timer.tick_ % kSlots;
  Push(slots_[slot], timer);
  occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

bool TimerWheel::Advance(core::MonoTime now) {
  bool fired = false;
  const std::uint64_t now_tick = TickOf(now, false);
  while (done_tick_ < now_tick) {
    // To the end of the current block at most, so that the next one is dealt out in between.
    const std::uint64_t block = (done_tick_ + 1) / kSlots;
    const std::uint64_t last = std::min(now_tick, (block + 1) * kSlots - 1);
    for (std::uint64_t tick = done_tick_ + 1; tick <= last && armed_ != 0; ++tick) {
      const std::uint64_t slot = tick % kSlots;
      const std::uint64_t word = occupied_[slot / 64];
      if (word == 0) {
        tick += 63 - slot % 64;  // nothing in this word: on to the next
      } else if ((word >> (slot % 64) & 1U) != 0) {
        done_tick_ = tick;
        fired |= FireSlot(slot);
      }
    }
    done_tick_ = last;
    if ((last + 1) % kSlots == 0) {
      DealOut((last + 1) / kSlots);
    }
  }
  return fired;
}

void TimerWheel::DealOut(std::uint64_t block) {
  Timer* timer = std::exchange(blocks_[block % kBlocks], nullptr);
  while (timer != nullptr) {
    Timer* next = timer->next_;
    Link(*timer);
    timer = next;
  }
}

bool TimerWheel::FireSlot(std::uint64_t slot) {
  // The slot moves to a list of its own first, so that whatever a fired timer does (arm, disarm,
  // destroy others) finds both lists whole. All of a slot is due at the same tick.
  if (slots_[slot] == nullptr) {
    occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    return false;
  }
  Timer* due = std::exchange(slots_[slot], nullptr);
  due->back_ = &due;
  occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  while (due != nullptr) {
    Timer* timer = due;
    timer->Disarm();
    timer->Fire();
  }
  return true;
}

int TimerWheel::NextWait(core::MonoTime now) const {
  if (armed_ == 0) {
    return -1;
  }
  // The next occupied slot, or the start of the next block, when it will be dealt out.
  std::uint64_t tick = done_tick_ + 1;
  const std::uint64_t block_end = (tick / kSlots + 1) * kSlots;
  while (tick < block_end) {
    const std::uint64_t slot = tick % kSlots;
    const std::uint64_t word = occupied_[slot / 64] >> (slot % 64);
    if (word != 0) {
      tick += static_cast<std::uint64_t>(std::countr_zero(word));
      break;
    }
    tick += 64 - slot % 64;
  }
  const core::MonoTime due = start_ + milliseconds(tick);
  const auto wait = std::chrono::ceil<milliseconds>(due - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

}  // namespace signalbox::async
