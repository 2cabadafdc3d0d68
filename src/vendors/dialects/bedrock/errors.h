// Errors, in and out.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// AWS names the kind of an error in the header x-amzn-errortype, its SDKs also look for it in the
// body's `__type`, where ours stands.
#pragma once

#include <string>
#include <string_view>

#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::bedrock {

chat::VendorError ParseError(std::string_view body);
std::string RenderError(const wire::ErrorAnswer& error);

// The same at the end of a stream: an exception of `type` with the body `payload`.
chat::VendorError ParseException(std::string_view type, std::string_view payload);
void AppendException(const wire::ErrorAnswer& error, std::string& out);
// A vendor's error that came in a stream, without a status; `own`: it is one of Converse's.
void AppendException(const chat::VendorError& error, bool own, std::string& out);

}  // namespace signalbox::bedrock
