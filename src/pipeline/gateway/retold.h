// An answer from the cache for a dialect that tells in the body where an answer is from, and what
// it cost.
//
// Owner: nobody, it is a function. Threads: the worker's. Errors: none; what cannot be told again
// stays as it was kept. Cancel: nothing waits.
#pragma once

#include "pipeline/gateway/gateway.h"

namespace signalbox::gateway {

struct Kept {
  std::string_view provider;
  bool streamed = false;
};
// Puts what scratch.pieces hold into scratch.text as it is to be told now, and makes that the one
// piece.
void Retell(const request::Call& call, const Kept& kept, std::chrono::nanoseconds took,
            Scratch& scratch);

}  // namespace signalbox::gateway
