// hnswlib: a graph of neighbours over vectors that somebody else keeps. The one place that includes
// it; its exceptions end here.
//
// Owner:   an Index. Threads: Nearest beside itself; Add alone.
// Errors:  kUnavailable: no memory. After an error of Add the graph is no longer to be used.
// Cancel:  nothing to undo.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/core/error.h"
#include "io/store/vectors.h"

namespace signalbox::hnsw {

struct Near {
  float distance = 0;  // see distance.h
  std::uint32_t slot = 0;
};

class Graph {
 public:
  virtual ~Graph() = default;

  // `vector` stays where it is as long as the graph is used.
  virtual core::Status Add(const float* vector, std::uint32_t slot) = 0;
  // Up to `width` of the nearest, in no order. The larger the width, the fewer are missed.
  virtual core::Result<std::vector<Near>> Nearest(const float* vector, std::size_t width) const = 0;
  virtual std::size_t size() const = 0;
};

core::Result<std::unique_ptr<Graph>> MakeGraph(const store::VectorShape& shape);

// What a vector takes in a graph beside its numbers, in bytes, roughly.
inline constexpr std::size_t kGraphBytes = 300;

}  // namespace signalbox::hnsw
