// A request to Anthropic Messages, or to its counting of tokens, as a canonical one.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest that names the field. Cancel: nothing
// to undo.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/request.h"

namespace signalbox::anthropic {

core::Result<chat::Request> ParseRequest(const json::Value& body);

}  // namespace signalbox::anthropic
