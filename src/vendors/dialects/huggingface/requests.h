// Requests between HuggingFace's form and the canonical one.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest whose `param` is the path of the field.
// Cancel: nothing to undo.
//
// `inputs` is a user's message. Parameters without a canonical field go to the request's extra as
// "parameters.<name>".
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

inline constexpr std::string_view kParameterPrefix = "parameters.";

core::Result<chat::Request> ParseRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms);

}  // namespace signalbox::huggingface
