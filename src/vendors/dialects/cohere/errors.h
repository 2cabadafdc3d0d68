// Errors in Cohere's form, both ways: {"id":…,"message":…}. The status says what kind it is.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::cohere {

// Text that is no JSON becomes the message, cut to a readable length.
chat::VendorError ParseError(std::string_view body);

std::string RenderError(const wire::ErrorAnswer& error);

}  // namespace signalbox::cohere
