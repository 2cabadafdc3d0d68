// How much a call asks for at most, from the caller's own words: what a reservation is made of.
//
// Pure. Owner: nobody. Threads: the worker's. Cancel: nothing to undo.
// Errors:  none; what is not said or cannot be read is not known, and then the model's own bounds
//          count. Where several members could mean the same, the largest counts.
// Budget:  200 ns for a chat of a few messages.
#pragma once

#include <cstdint>

#include "base/json/document.h"
#include "pipeline/quota/worst_case.h"
#include "pipeline/request/call.h"

namespace signalbox::gateway {

struct Demand {
  std::uint64_t body_bytes = 0;     // of what the caller sent
  std::uint32_t media = 0;          // parts that may be pictures, sound or documents, at most
  std::int64_t output_tokens = -1;  // asked for at most, of one answer; -1: not said
  std::uint32_t answers = 1;        // asked for at once
  bool caches = false;              // says what the vendor is to keep in its prompt cache
  bool priority = false;            // asks to be served before others
  bool searches = false;            // the vendor may search the web for it, any number of times
  std::int64_t characters = -1;     // to be spoken; -1: none
};

// The same for quota's bounds.
quota::CallSize SizeOf(const Demand& demand, chat::Operation operation);

Demand ReadDemand(const json::Value& body, const request::Call& call);
// Of a form with a file, of which nothing but the size may be known.
Demand UploadDemand(const request::Upload& upload);

}  // namespace signalbox::gateway
