// Errors in OpenAI's form, both ways. ErrorBody is in fast_lane.h.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: OpenAI API reference, error codes; recordings of OpenAI, Azure, Groq, OpenRouter,
// Mistral, Gemini's OpenAI form, Hugging Face and FastAPI servers.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

// The body of an answer with an error status. Text that is no JSON becomes the message, cut to a
// readable length.
chat::VendorError ParseErrorBody(std::string_view body);

// The value of `error`: an object or a text.
chat::VendorError ParseErrorValue(const json::Value& error);

// {"error":{…}} of a vendor, whoever it is, or of ours.
std::string RenderError(const wire::ErrorAnswer& error);

// {"error":{…}} for an error that a vendor stated.
std::string RenderVendorError(const chat::VendorError& error);

}  // namespace signalbox::openai_chat
