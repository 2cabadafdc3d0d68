// Errors in OpenAI's form, both ways.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: OpenAI API reference, error codes and the `error` event; recordings of OpenAI, Azure,
// DeepSeek and OpenRouter.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_responses {

// The body of an answer with an error status. Text that is no JSON becomes the message.
chat::VendorError ParseErrorBody(std::string_view body);

// The value of `error`: an object or a text.
chat::VendorError ParseErrorValue(const json::Value& error);

// An `error` event: its members stand in the event, or in its member `error`, or in both.
chat::VendorError ParseErrorEvent(const json::Value& event);

// {"error":{…}}
std::string RenderErrorBody(const wire::ErrorAnswer& error);

// The members of an `error` event but its type and number. SDKs raise what stands in `error`; the
// reference has the members beside it.
void RenderErrorMembers(const chat::VendorError& error, json::Writer& out);
// The same of an error of ours or of any vendor's.
chat::VendorError InOurWords(const wire::ErrorAnswer& error);

}  // namespace signalbox::openai_responses
