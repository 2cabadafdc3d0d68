// Google's errors: {"error": {"code", "message", "status", "details"}}, also inside a list.
//
// Owner: the caller. Threads: any. Errors: none; what is no JSON is the message.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

// `code` is the reason of an ErrorInfo ("API_KEY_INVALID"), or the number.
chat::VendorError ParseErrorValue(const json::Value& error);
chat::VendorError ParseError(std::string_view body);

// What Google's clients raise their own errors from: the number and the status go together.
std::string RenderError(const wire::ErrorAnswer& answer);
// The same of an error in the middle of a stream, which has no HTTP status.
std::string RenderStreamError(const chat::VendorError& error, bool own);

// "RESOURCE_EXHAUSTED" of 429
std::string_view StatusName(int http);

}  // namespace signalbox::gemini
