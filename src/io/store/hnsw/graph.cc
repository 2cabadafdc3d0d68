#include "io/store/hnsw/graph.h"

// Its own vector instructions are chosen at compile time, and read beyond the ends of lists in
// order to prefetch: ours (distance.h) take their place.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>

#include "io/store/hnsw/distance.h"

namespace signalbox::hnsw {
namespace {

using core::ErrorCode;

constexpr std::size_t kNeighbours = 16;  // M; of the lowest layer twice as many
constexpr std::size_t kBuildWidth = 200;
constexpr std::size_t kFirstRoom = 1024;

// What the graph holds of a vector: its address. Twelve bytes of it behind the 132 of a list of
// neighbours put the label that follows where a label may stand.
struct Element {
  const float* vector = nullptr;
  std::uint32_t unused = 0;
};
constexpr std::size_t kElementBytes = 12;
static_assert(((2 * kNeighbours + 1) * sizeof(hnswlib::tableint) + kElementBytes) %
                  alignof(hnswlib::labeltype) ==
              0);

// It has no alignment there.
const float* VectorAt(const void* element) {
  const float* vector = nullptr;
  std::memcpy(&vector, element, sizeof(vector));
  return vector;
}

struct Measure {
  Distance distance = nullptr;
  std::size_t dimension = 0;
};

float Measured(const void* a, const void* b, const void* measure) {
  const auto* by = static_cast<const Measure*>(measure);
  return by->distance(VectorAt(a), VectorAt(b), by->dimension);
}

class Space final : public hnswlib::SpaceInterface<float> {
 public:
  explicit Space(const store::VectorShape& shape)
      : measure_{DistanceOf(shape.metric), shape.dimension} {}
  size_t get_data_size() override { return kElementBytes; }
  hnswlib::DISTFUNC<float> get_dist_func() override { return Measured; }
  void* get_dist_func_param() override { return &measure_; }

 private:
  Measure measure_;
};

std::unexpected<core::Error> Failed(const std::exception& why) {
  const bool memory = dynamic_cast<const std::bad_alloc*>(&why) != nullptr;
  return core::Fail(memory ? ErrorCode::kUnavailable : ErrorCode::kInternal,
                    std::string("vectors: the index: ") + why.what());
}

class HnswGraph final : public Graph {
 public:
  explicit HnswGraph(const store::VectorShape& shape)
      : space_(shape), graph_(&space_, kFirstRoom, kNeighbours, kBuildWidth) {
    graph_.setEf(1);  // the width of a search is what it asks for
  }

  core::Status Add(const float* vector, std::uint32_t slot) override {
    try {
      if (graph_.cur_element_count == graph_.max_elements_) {
        graph_.resizeIndex(graph_.max_elements_ * 2);
      }
      const Element element{vector};
      graph_.addPoint(&element, slot);
      return {};
    } catch (const std::exception& why) {
      return Failed(why);
    }
  }

  core::Result<std::vector<Near>> Nearest(const float* vector, std::size_t width) const override {
    try {
      const Element element{vector};
      auto found = graph_.searchKnn(&element, width);
      std::vector<Near> near;
      near.reserve(found.size());
      for (; !found.empty(); found.pop()) {
        near.push_back({found.top().first, static_cast<std::uint32_t>(found.top().second)});
      }
      return near;
    } catch (const std::exception& why) {
      return Failed(why);
    }
  }

  std::size_t size() const override { return graph_.cur_element_count; }

 private:
  Space space_;
  hnswlib::HierarchicalNSW<float> graph_;
};

}  // namespace

core::Result<std::unique_ptr<Graph>> MakeGraph(const store::VectorShape& shape) {
  try {
    return std::make_unique<HnswGraph>(shape);
  } catch (const std::exception& why) {
    return Failed(why);
  }
}

}  // namespace signalbox::hnsw
