#include "io/net/buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

namespace signalbox::net {
namespace {

constexpr std::size_t kMapped = 64 * 1024;            // blocks from here on are mapped
constexpr std::size_t kKeptSmall = 256;               // small blocks kept per thread
constexpr std::size_t kKeptMapped = 4 * 1024 * 1024;  // bytes of mapped blocks kept per thread

struct Block {
  char* memory;
  std::size_t size;
};

class BlockPool {
 public:
  ~BlockPool() { Trim(); }

  Block Take(std::size_t size);
  void Give(Block block);
  void Trim();

 private:
  Block TakeMapped(std::size_t size);

  std::vector<char*> small_;
  std::vector<Block> mapped_;
  std::size_t mapped_bytes_ = 0;
};

thread_local BlockPool pool;

void FreeBlock(Block block) {
  if (block.size >= kMapped) {
    munmap(block.memory, block.size);
  } else {
    std::free(block.memory);
  }
}

Block BlockPool::Take(std::size_t size) {
  if (size >= kMapped) {
    return TakeMapped((size + kMapped - 1) / kMapped * kMapped);
  }
  size = std::max(size, kSmallBlock);
  if (size == kSmallBlock && !small_.empty()) {
    char* memory = small_.back();
    small_.pop_back();
    return {memory, size};
  }
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return {static_cast<char*>(memory), size};
}

Block BlockPool::TakeMapped(std::size_t size) {
  const auto fits = std::ranges::find_if(
      mapped_, [size](const Block& block) { return block.size >= size && block.size / 2 <= size; });
  if (fits != mapped_.end()) {
    const Block block = *fits;
    *fits = mapped_.back();
    mapped_.pop_back();
    mapped_bytes_ -= block.size;
    return block;
  }
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::bad_alloc();
  }
  return {static_cast<char*>(memory), size};
}

void BlockPool::Give(Block block) {
  if (block.size == kSmallBlock && small_.size() < kKeptSmall) {
    small_.push_back(block.memory);
  } else if (block.size >= kMapped && mapped_bytes_ + block.size <= kKeptMapped) {
    mapped_.push_back(block);
    mapped_bytes_ += block.size;
  } else {
    FreeBlock(block);
  }
}

void BlockPool::Trim() {
  for (char* memory : std::exchange(small_, {})) {
    std::free(memory);
  }
  for (const Block block : std::exchange(mapped_, {})) {
    FreeBlock(block);
  }
  mapped_bytes_ = 0;
}

}  // namespace

Buffer::Buffer(Buffer&& other) noexcept
    : block_(std::exchange(other.block_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      begin_(std::exchange(other.begin_, 0)),
      end_(std::exchange(other.end_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(block_, other.block_);
  std::swap(capacity_, other.capacity_);
  std::swap(begin_, other.begin_);
  std::swap(end_, other.end_);
  return *this;
}

void Buffer::Reserve(std::size_t room) {
  if (capacity_ - end_ >= room) {
    return;
  }
  if (block_ != nullptr && capacity_ - size() >= room) {
    std::memmove(block_, block_ + begin_, size());
    end_ -= begin_;
    begin_ = 0;
    return;
  }
  const Block block = pool.Take(size() + room);
  const std::size_t kept = size();
  if (block_ != nullptr && kept != 0) {
    std::memcpy(block.memory, block_ + begin_, kept);
  }
  Release();
  block_ = block.memory;
  capacity_ = block.size;
  end_ = kept;
}

void Buffer::Append(std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  Reserve(bytes.size());
  std::memcpy(block_ + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

void Buffer::Release() {
  if (block_ != nullptr) {
    pool.Give({block_, capacity_});
    block_ = nullptr;
  }
  capacity_ = begin_ = end_ = 0;
}

void Buffer::TrimThread() {
  pool.Trim();
}

}  // namespace signalbox::net
