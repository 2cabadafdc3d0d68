// Fields of requests that Chat Completions and the older Completions have in common. Internal.
//
// Owner: the parsers of this folder. Threads: any. Errors: as fields.h has them.
// Cancel: nothing to undo.
#pragma once

#include "vendors/chat/request.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {

core::Status ReadStop(const json::Value& value, chat::Request& out);
core::Status ReadStreamOptions(const json::Value& value, chat::Request& out);

// The error with its field in front of the message.
core::Error Named(core::Error error);

}  // namespace signalbox::openai_chat
