// Whether a request may be answered from the cache, and whether its answer may go into it.
//
// Pure. Owner: nobody. Threads: any. Errors: none. Cancel: nothing waits.
//
// Never: what is sensitive, what the caller wants kept nowhere, what has effects at the vendor
// beside its answer (store, background, a conversation that goes on there), and what is not JSON in
// and out.
#pragma once

#include "base/json/document.h"
#include "pipeline/cache/entry.h"
#include "pipeline/cache/options.h"
#include "pipeline/request/call.h"
#include "pipeline/request/principal.h"

namespace signalbox::cache {

struct Permit {
  bool serve = false;  // from what is there
  bool keep = false;   // for others, those who wait for it too
  AnswerKind kind = AnswerKind::kOther;
  std::chrono::nanoseconds ttl{0};
  std::chrono::nanoseconds max_age = std::chrono::nanoseconds::max();

  bool any() const { return serve || keep; }
};

// Whether the operator, or the caller where the operator leaves it to them, wants the cache at all.
bool IsWanted(const ExactOptions& options, const request::CacheWish& wish);

Permit PermitFor(const ExactOptions& options, const request::Call& call,
                 const request::Principal& principal, const json::Value& body);

}  // namespace signalbox::cache
