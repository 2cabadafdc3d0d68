// Messages out of Mistral's form.
//
// Owner: the caller. Threads: any. Errors: kInvalidRequest with the path from the value on.
// Cancel: nothing to undo.
//
// What Mistral takes for granted is put in, for others that do not: calls without an id get one,
// results without one belong to the first call of their name that waits. What says nothing goes:
// `prefix` that is false or that every last word of an assistant has, `index` of a call.
#pragma once

#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/chat/message.h"

namespace signalbox::mistral {

// The value of `messages`.
core::Status ParseMessages(const json::Value& messages, std::vector<chat::Message>& out);

}  // namespace signalbox::mistral
