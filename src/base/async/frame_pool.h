// Memory for coroutine frames, kept per thread in size classes so that a request's frames cost a
// few nanoseconds. Bounded: over kKeptBytes a frame goes back to the heap.
//
// Owner: the thread. Threads: a frame may be freed by another thread than the one that made it.
// Errors: std::bad_alloc, as operator new. Under AddressSanitizer every frame is a heap block.
#pragma once

#include <cstddef>

namespace signalbox::async {

class FramePool {
 public:
  static void* Allocate(std::size_t size);
  static void Free(void* frame, std::size_t size) noexcept;
  // Gives what this thread keeps back to the heap.
  static void Trim() noexcept;
};

}  // namespace signalbox::async
