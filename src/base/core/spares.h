// Objects that are kept to be used again instead of made anew, up to a number.
//
// Owner:   one thread's object. Threads: its owner's. Errors: std::bad_alloc. Cancel: none.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace signalbox::core {

template <typename T, std::size_t most>
class Spares {
 public:
  // A kept one as it was given, or a new one.
  std::unique_ptr<T> Take() {
    if (spares_.empty()) {
      return std::make_unique<T>();
    }
    std::unique_ptr<T> spare = std::move(spares_.back());
    spares_.pop_back();
    return spare;
  }
  void Give(std::unique_ptr<T> spare) {
    if (spares_.size() < most) {
      spares_.push_back(std::move(spare));
    }
  }
  // Gives the memory back.
  void Clear() { spares_ = decltype(spares_)(); }
  std::size_t size() const { return spares_.size(); }

 private:
  std::vector<std::unique_ptr<T>> spares_;
};

}  // namespace signalbox::core
