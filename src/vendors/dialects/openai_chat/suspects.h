// Whether a streamed frame is worth parsing: it may hold a usage object or an error.
//
// Owner: the observer. Threads: any. Errors: none. Cancel: nothing to undo.
// Budget: 0.1 ns per byte of an ordinary frame.
#pragma once

#include <string_view>

namespace signalbox::openai_chat {

// False only when a full parse of `frame` would find neither a member `usage` that holds an object
// nor `error` as a member that is not null or as a text. May be true without reason.
bool MayMatter(std::string_view frame);

}  // namespace signalbox::openai_chat
