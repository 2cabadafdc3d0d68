// A whole answer told as the events of a stream, for callers who asked for one and upstreams that
// answered at once.
//
// Pure. Errors: none.
#pragma once

#include "vendors/chat/event.h"
#include "vendors/chat/response.h"

namespace signalbox::chat {

EventBatch Tell(Response response);

}  // namespace signalbox::chat
