// A filter as PostgreSQL's jsonpath, which goes into a statement as a parameter.
//
// Owner: values. Threads: any; pure. Errors: none; the filter was checked. Cancel: nothing to undo.
#pragma once

#include <string>

#include "io/store/metadata.h"
#include "io/store/value.h"

namespace signalbox::pgvector {

// A predicate for `metadata @@ …`; empty for a filter that lets all pass.
std::string FilterPath(const store::Filter& filter);
// `path` for a statement that says `($1 IS NULL OR metadata @@ $1::text::jsonpath)`.
store::Param PathParam(const std::string& path);

}  // namespace signalbox::pgvector
