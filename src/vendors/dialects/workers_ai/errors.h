// Errors in Cloudflare's form, both ways: {"success":false,"errors":[{"code":…,"message":…}]}; some
// models' servers answer in OpenAI's.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: Cloudflare's list of Workers AI errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json/document.h"
#include "vendors/chat/vendor_error.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

// The error that an answer or a frame states; nullopt: none.
std::optional<chat::VendorError> ErrorIn(const json::Value& object);

// The body of an answer with an error status, whatever it is.
chat::VendorError ParseErrorBody(std::string_view body);

std::string RenderError(const wire::ErrorAnswer& error);

}  // namespace signalbox::workers_ai
