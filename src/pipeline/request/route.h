// A model at a provider, and several of them in the order in which they are tried.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace signalbox::request {

// Where a request goes. `provider` indexes Targets::providers().
struct Target {
  std::uint32_t provider = 0;
  std::string model;  // as the provider knows it
  friend bool operator==(const Target&, const Target&) = default;
};

// One of the places that a name leads to.
struct Choice {
  Target target;
  std::uint16_t stage = 0;  // lower stages first; those of one stage share by weight
  std::uint16_t weight = 1;
  friend bool operator==(const Choice&, const Choice&) = default;
};
using Route = std::vector<Choice>;  // at most kMostTargets, stages ascending, no target twice

// Puts `more` behind all that `route` has. What `route` has already is left out.
void Append(const Route& more, Route& route);

// A part of those that share a stage: what it leads to first has `weight` of the whole together.
struct Share {
  Route route;
  std::uint16_t weight = 1;
};
// Puts the first stages of all of `shares` into one stage behind `route`, and what comes after each
// behind that.
void AppendShared(const std::vector<Share>& shares, Route& route);

}  // namespace signalbox::request
