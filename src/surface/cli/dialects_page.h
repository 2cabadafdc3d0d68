// docs/dialects.md: what becomes of each thing a request may hold, per pair of dialects, out of the
// tables that decide on the way of a request.
//
// Pure. Errors: none.
#pragma once

#include <string>

namespace signalbox::cli {

// Markdown.
std::string DialectsPage();

}  // namespace signalbox::cli
