#include "pipeline/cache/lazy_memory.h"

#include <sys/mman.h>

#include <new>

namespace signalbox::cache {
namespace {

constexpr std::size_t kLarge = std::size_t{4} << 20U;

}  // namespace

LazyMemory::LazyMemory(std::size_t bytes)
    : bytes_(bytes),
      memory_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {
  if (memory_ == MAP_FAILED) {
    throw std::bad_alloc();
  }
  // Places that are far apart are each found through the tables of small pages, which a large
  // region's do not stay in the processor; of a small one's, a first byte must not take 2 MiB.
  madvise(memory_, bytes_, bytes_ < kLarge ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
}

LazyMemory::~LazyMemory() {
  munmap(memory_, bytes_);
}

}  // namespace signalbox::cache
