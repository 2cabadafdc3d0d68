// A tally: what several tellers (replicas) have counted of one thing, each for itself, and what
// they have counted together.
//
// Owner: values. Threads: plain data. Errors: CheckTally's kInvalidRequest says which part is
// wrong. Cancel: nothing to undo.
//
// A teller says its whole count with each word and never a difference, so that any word may be
// lost, come twice or come late, and a store that has forgotten everything knows the count again
// with the next one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/core/error.h"

namespace signalbox::store {

struct Tally {
  std::string key;
  std::string teller;         // one life of one replica; never used again after its end
  std::int64_t sequence = 0;  // from 1, larger with each new word of the teller under the key
  std::int64_t amount = 0;    // all that it has counted; 0 to kMostAmount, where sums stop
  std::chrono::milliseconds ttl{0};  // so long the word counts; not 0
};

core::Status CheckTally(const Tally& tally);

}  // namespace signalbox::store
