// Request hints: `x-signalbox-<hint>` fields (SPEC R-10).
#pragma once

#include "base/core/error.h"
#include "io/net/http_head.h"
#include "pipeline/request/call.h"

namespace signalbox::api {

// Views into the head. kInvalidRequest names the field whose value cannot be understood.
core::Result<request::Hints> ReadHints(const net::Fields& fields);

}  // namespace signalbox::api
