// What one attempt may use and cost at most: what is reserved for it before it is sent.
//
// Pure. Owner: nobody. Threads: the worker's. Cancel: nothing to undo.
// Errors:  none; a cost of -1 where no price is known. Budget: 50 ns.
//
// The bounds: a token is at least one byte of the body, and what a picture, a sound or a document
// adds is at most kMostMediaTokens, all together at most the model's context; the answer is at most
// what was asked for, else what the model can say, so many times as answers were asked for. Every
// token costs as much as the dearest kind that the request can lead to. What a vendor's own tools
// search and read beside the request is in no bound.
#pragma once

#include "pipeline/execution/plan.h"
#include "pipeline/gateway/demand.h"
#include "pipeline/request/admission.h"

namespace signalbox::gateway {

// A page of a document with its picture, or the largest picture in the finest detail.
inline constexpr std::int64_t kMostMediaTokens = 50'000;

request::WorstCase WorstCaseOf(const Demand& demand, chat::Operation operation,
                               const execution::Target& target, core::WallTime now);

}  // namespace signalbox::gateway
