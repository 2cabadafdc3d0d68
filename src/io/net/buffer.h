// Memory for bytes that come and go: small blocks from a per-thread pool, large ones sized exactly.
//
// Owner:   a Buffer owns its block and gives it back when it is released or destroyed.
// Threads: one at a time; blocks return to the pool of the thread that releases them.
// Errors:  std::bad_alloc.
//
// An idle connection holds no block. A large block is mapped for itself, so that freeing it gives
// the memory back to the system; a few are kept for the next request until the worker is quiet.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace signalbox::net {

inline constexpr std::size_t kSmallBlock = 8 * 1024;

class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { Release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;

  std::string_view bytes() const { return {block_ + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }

  // Free room behind the bytes; Reserve makes it at least `room` (a fresh buffer gets a small block
  // or exactly `room`), moving the bytes to the front or to a larger block: views end.
  std::span<char> room() const { return {block_ + end_, capacity_ - end_}; }
  void Reserve(std::size_t room);
  void Commit(std::size_t written) { end_ += written; }

  void Consume(std::size_t count) { begin_ += count; }
  void Append(std::string_view bytes);
  void Clear() { begin_ = end_ = 0; }
  void Release();  // the block goes back

  // Gives the calling thread's kept blocks back to the system.
  static void TrimThread();

 private:
  char* block_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace signalbox::net
