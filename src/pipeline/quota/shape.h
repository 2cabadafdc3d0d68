// Puts a rule onto a subject while workers read it.
//
// Owner: nobody. Threads: one at a time for a subject (the registry's control mutex, or before it
// is published). Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/quota/rules.h"

namespace signalbox::quota {

// `mono`: now, for what was taken from buckets so far. `shared`: with other replicas.
void ApplyRule(Subject& subject, const Rule& rule, std::int64_t mono, bool shared);

}  // namespace signalbox::quota
