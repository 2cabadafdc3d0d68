// Errors in Ollama's form, both ways: {"error":"…"}, as a body or as a line of a stream.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::ollama {

// The object that has `error`.
chat::VendorError ParseErrorValue(const json::Value& object);

// The body of an answer with an error status, whatever it is.
chat::VendorError ParseErrorBody(std::string_view body);

// An error of Ollama's own as it came; else its message, or ours.
std::string RenderVendorError(const chat::VendorError& error, std::string_view ours);

}  // namespace signalbox::ollama
