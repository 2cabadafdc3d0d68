// Errors in Mistral's form: {"object":"error",…}. Its clients look at the status and show the body;
// in a stream they fail at what is no chunk.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::mistral {

std::string RenderError(const wire::ErrorAnswer& error);

// Appends what an upstream broke its stream off with, as an event.
void AppendError(const chat::VendorError& error, std::string& out);

}  // namespace signalbox::mistral
