// Errors in Anthropic's form, both ways.
//
//   {"type":"error","error":{"type":"rate_limit_error","message":…},"request_id":…}
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: Anthropic's API reference, errors; its SDKs, which raise by status.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::anthropic {

// The body of an answer with an error status. Text that is no JSON becomes the message, cut to a
// readable length.
chat::VendorError ParseError(std::string_view body);
// The value of `error`, or what stands in its place.
chat::VendorError ParseErrorValue(const json::Value& error);

std::string RenderError(const wire::ErrorAnswer& error);
// An error in the middle of a stream, which has no status.
std::string RenderStreamError(const chat::VendorError& error);

}  // namespace signalbox::anthropic
