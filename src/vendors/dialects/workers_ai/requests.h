// Requests between Workers AI's form and the canonical one.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest whose `param` is the path of the field.
// Cancel: nothing to undo.
//
// A `prompt` is a user's message; one that is `raw` goes out as a prompt again, any other as the
// message that it stands for.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

// The type of a tool that was written without {"type":"function","function":…} around it.
inline constexpr std::string_view kBareTool = "bare";

core::Result<chat::Request> ParseRequest(const json::Value& body);
core::Result<wire::RenderedRequest> RenderRequest(const chat::Request& request,
                                                  const wire::RequestTerms& terms = {});

}  // namespace signalbox::workers_ai
