// Zeroed memory of a fixed size that costs nothing until it is written to, page by page.
//
// Owner:   whoever lays something out in it; unmapped with the object.
// Threads: as what lies in it.
// Errors:  std::bad_alloc when the system gives no address space.
// Cancel:  nothing waits.
#pragma once

#include <cstddef>

namespace signalbox::cache {

class LazyMemory {
 public:
  explicit LazyMemory(std::size_t bytes);
  ~LazyMemory();
  LazyMemory(const LazyMemory&) = delete;
  LazyMemory& operator=(const LazyMemory&) = delete;

  // Objects of which all-zero bytes are the initial state.
  template <typename T>
  T* As() const {
    return static_cast<T*>(memory_);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
  void* memory_;
};

}  // namespace signalbox::cache
