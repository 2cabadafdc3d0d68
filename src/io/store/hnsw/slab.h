// Vectors of one dimension by number, at addresses that stay.
//
// Owner:   an Index. Threads: as the Index locks. Errors: none; memory that ends throws bad_alloc.
// Cancel:  nothing to undo.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace signalbox::hnsw {

class Slab {
 public:
  explicit Slab(std::size_t dimension) : dimension_(dimension) {}

  const float* At(std::uint32_t slot) const {
    return chunks_[slot / kChunk].get() + (slot % kChunk) * dimension_;
  }
  // `slot` is one that was put before, or the next.
  void Put(std::uint32_t slot, std::span<const float> vector) {
    if (slot / kChunk == chunks_.size()) {
      chunks_.push_back(std::make_unique_for_overwrite<float[]>(kChunk * dimension_));
    }
    std::ranges::copy(vector, chunks_[slot / kChunk].get() + (slot % kChunk) * dimension_);
  }

 private:
  static constexpr std::size_t kChunk = 64;

  std::size_t dimension_;
  std::vector<std::unique_ptr<float[]>> chunks_;
};

}  // namespace signalbox::hnsw
