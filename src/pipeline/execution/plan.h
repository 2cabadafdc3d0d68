// What one request may try: targets in stages, and until when.
//
// Plain data; the targets belong to whoever made them ready and outlive the request.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipeline/execution/health.h"

namespace signalbox::catalog {
struct Capabilities;
struct Model;
}  // namespace signalbox::catalog

namespace signalbox::execution {

struct Target {
  std::uint32_t provider = 0;  // in the snapshot, as in Layout
  std::uint16_t stage = 0;     // lower stages first; those of one stage share by weight
  std::uint16_t weight = 1;
  std::string_view model;                               // as the provider knows it
  ModelHealth* health = nullptr;                        // Health::Model(provider, model)
  const catalog::Model* known = nullptr;                // the catalogue's row; null: there is none
  const catalog::Capabilities* capabilities = nullptr;  // that row's, or of the name's family
  std::uint32_t context = 0;                            // tokens it takes; 0: not known
  std::chrono::nanoseconds head_timeout = std::chrono::seconds(60);  // to the head of an answer
};

struct Plan {
  std::span<const Target> targets;  // at least one, at most kMostTargets, stages ascending
  core::MonoTime deadline = core::kNever;
};

}  // namespace signalbox::execution
