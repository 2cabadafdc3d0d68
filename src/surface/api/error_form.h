// Errors of the management API: {"error":{"type","code","message","param","request_id"}}.
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::api {

std::string ManagementError(const core::Error& error, std::string_view request_id);

}  // namespace signalbox::api
