#include "base/async/frame_pool.h"

#include <array>
#include <new>

namespace signalbox::async {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)

// Every frame is a block of its own, so that the sanitizers see its life.
void* FramePool::Allocate(std::size_t size) {
  return ::operator new(size);
}
void FramePool::Free(void* frame, std::size_t) noexcept {
  ::operator delete(frame);
}
void FramePool::Trim() noexcept {}

#else

namespace {

constexpr std::size_t kClassBytes = 64;
constexpr std::size_t kClasses = 64;  // frames up to 4 KiB
constexpr std::size_t kKeptBytes = 1024 * 1024;

struct FreeFrame {
  FreeFrame* next;
};

struct ThreadFrames {
  std::array<FreeFrame*, kClasses> free{};
  std::size_t kept = 0;

  ~ThreadFrames() { Trim(); }
  void Trim() noexcept {
    for (FreeFrame*& head : free) {
      while (head != nullptr) {
        FreeFrame* frame = head;
        head = frame->next;
        ::operator delete(frame);
      }
    }
    kept = 0;
  }
};

thread_local ThreadFrames frames;

constexpr std::size_t ClassOf(std::size_t size) {
  return (size - 1) / kClassBytes;
}

}  // namespace

void* FramePool::Allocate(std::size_t size) {
  const std::size_t index = ClassOf(size);
  if (index >= kClasses) {
    return ::operator new(size);
  }
  if (FreeFrame* frame = frames.free[index]; frame != nullptr) {
    frames.free[index] = frame->next;
    frames.kept -= (index + 1) * kClassBytes;
    return frame;
  }
  return ::operator new((index + 1) * kClassBytes);
}

void FramePool::Free(void* frame, std::size_t size) noexcept {
  const std::size_t index = ClassOf(size);
  if (index >= kClasses || frames.kept >= kKeptBytes) {
    ::operator delete(frame);
    return;
  }
  auto* free = static_cast<FreeFrame*>(frame);
  free->next = frames.free[index];
  frames.free[index] = free;
  frames.kept += (index + 1) * kClassBytes;
}

void FramePool::Trim() noexcept {
  frames.Trim();
}

#endif

}  // namespace signalbox::async
