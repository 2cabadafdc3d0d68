// Errors in HuggingFace's form, both ways: {"error":…,"error_type":…} of its servers, and
// {"error":…,"estimated_time":…} while a model is being loaded; as a body or as an event.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

// The object that has `error`: a text, a list of texts, or an object.
chat::VendorError ParseErrorValue(const json::Value& object);

// The body of an answer with an error status, whatever it is.
chat::VendorError ParseErrorBody(std::string_view body);

std::string RenderError(const wire::ErrorAnswer& error);

}  // namespace signalbox::huggingface
