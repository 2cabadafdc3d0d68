// Chat requests in Cohere's form into the canonical one.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest; `param` is the path of the field, e.g. "messages[2].content[0].type".
// Cancel: nothing to undo.
//
// What has a place of its own only here: `documents` stand as a text in front of the last user
// message too, marked by kDocuments in the part's extra, so that a model of another vendor can read
// them; `strict_tools` is each tool's `strict`; safety_mode, citation_options, priority and the
// like are in the request's extra.
#pragma once

#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::cohere {

inline constexpr std::string_view kDocuments = "documents";

core::Result<chat::Request> ParseRequest(const json::Value& body);

// The error with its field in front of the message.
core::Error Named(core::Error error);

}  // namespace signalbox::cohere
