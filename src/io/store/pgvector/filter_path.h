// A filter as PostgreSQL's jsonpath, which goes into a statement as a parameter.
//
// Owner: values. Threads: any; pure. Errors: none; the filter was checked. Cancel: nothing to undo.
#pragma once

#include <string>

#include "io/store/metadata.h"

namespace signalbox::pgvector {

// A predicate for `metadata @@ …`; empty for a filter that lets all pass.
std::string FilterPath(const store::Filter& filter);

}  // namespace signalbox::pgvector
