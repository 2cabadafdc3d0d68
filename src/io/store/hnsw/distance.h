// How far two vectors are from each other, by the fastest instructions that the processor has.
//
// Owner: functions. Threads: any; pure. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstddef>
#include <span>

#include "io/store/vectors.h"

namespace signalbox::hnsw {

// Smaller is nearer: the squared distance for L2, else the dot product with a minus.
using Distance = float (*)(const float* a, const float* b, std::size_t dimension);
Distance DistanceOf(store::Metric metric);

// As Vectors gives it, with double precision.
double Similarity(store::Metric metric, const float* a, const float* b, std::size_t dimension);

// The distance, a little larger than it may be, of what is `least` similar.
float FarthestOf(store::Metric metric, double least);

}  // namespace signalbox::hnsw
