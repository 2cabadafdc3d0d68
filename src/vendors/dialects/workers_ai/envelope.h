// {"result":…,"success":true,"errors":[],"messages":[]}, which most answers stand in.
//
// Owner: the caller. Threads: any. Errors: kUpstreamFailed with the vendor's words.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"

namespace signalbox::workers_ai {

// The result; the body itself when it has none.
core::Result<json::Value> ResultIn(const json::Value& body);

std::string Enveloped(std::string_view result);

}  // namespace signalbox::workers_ai
