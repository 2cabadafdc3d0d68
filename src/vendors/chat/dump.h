// The canonical conversation as lines for people: text cases compare them, and explanations may
// show them. Texts are JSON strings; what is unset is left out.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <span>
#include <string>

#include "vendors/chat/event.h"
#include "vendors/chat/request.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

std::string Dump(const Request& request);
std::string Dump(const Response& response);
std::string Dump(std::span<const Event> events);

}  // namespace signalbox::chat
