#include "pipeline/cache/lazy_memory.h"

#include <sys/mman.h>

#include <new>

namespace signalbox::cache {

LazyMemory::LazyMemory(std::size_t bytes)
    : bytes_(bytes),
      memory_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
  if (memory_ == MAP_FAILED) {
    throw std::bad_alloc();
  }
  // Huge pages would take 2 MiB for the first byte of each.
  madvise(memory_, bytes_, MADV_NOHUGEPAGE);
}

LazyMemory::~LazyMemory() {
  munmap(memory_, bytes_);
}

}  // namespace signalbox::cache
