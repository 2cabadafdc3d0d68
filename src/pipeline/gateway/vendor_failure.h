// What a vendor's error body says about the failure, beyond its status.
//
// Pure. Errors: a body that cannot be read says nothing.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/execution/failure.h"

namespace signalbox::gateway {

// Sets `failure.kind`, and `detail` to the vendor's own words.
void ReadVendorError(std::string_view body, execution::Failure& failure, std::string& detail);

}  // namespace signalbox::gateway
