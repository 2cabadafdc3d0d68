// What a vendor's error body says about the failure, beyond its status.
//
// Pure. Errors: none; words that are not known say nothing.
#pragma once

#include "pipeline/execution/failure.h"
#include "vendors/chat/vendor_error.h"

namespace signalbox::gateway {

// Sets `failure.kind` where `error` says more than the status.
void ReadVendorError(const chat::VendorError& error, execution::Failure& failure);

}  // namespace signalbox::gateway
