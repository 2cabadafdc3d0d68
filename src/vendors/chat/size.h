// About how many bytes a rendering takes, so that a large one does not move as it grows.
//
// Owner: nobody, functions. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstddef>

#include "vendors/chat/request.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

std::size_t RenderedSize(const Request& request);
std::size_t RenderedSize(const Response& response);

}  // namespace signalbox::chat
