// What a caller is told who asked for a model that nobody here has: why, and what to do.
//
// Pure. Threads: any. Errors: this is one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/providers/provider.h"

namespace signalbox::request {

// `known` are the names that GET /v1/models lists.
std::string UnknownModel(std::string_view name, std::span<const providers::Provider> providers,
                         const std::vector<std::string>& known);

}  // namespace signalbox::request
