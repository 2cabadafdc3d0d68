// Whether an object names a key twice. Keys are compared as the text they mean, not as written.
//
// Owner: the validator, once per object. Threads: any.
// Errors: none; the answer is the index of a node. Cancel: nothing to undo.
//
// Cost: one glance per key for nearly every object; pairs up to kPairwiseKeys keys; O(n log n)
// comparisons above, whatever the keys are.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json/document.h"

namespace signalbox::json {

inline constexpr std::uint32_t kPairwiseKeys = 16;

// The step of the hash that sorts many keys, one for each eight bytes of a key from its length on.
// Anybody can make keys collide in it; they are then compared as texts.
constexpr std::uint64_t HashStep(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 29U);
}

// The node of a key that stood before in the object at `object`, or 0 (which is never a key).
// `nodes[object].next` must be set.
std::uint32_t FindDuplicateKey(std::string_view text, const Node* nodes, std::uint32_t object);

}  // namespace signalbox::json
