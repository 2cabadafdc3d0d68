// Thoughts of other vendors, as a Gemini client hands them back.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// A streamed thought reaches the client in pieces, with its seal (seal.h) on the last, and comes
// back so: as parts of one content, or, from clients that keep each frame, as contents of their
// own. The signature is one for the whole text, so the pieces are put together again. Google's own
// thoughts stay as they are: it wants signed parts apart from the others.
#pragma once

#include <vector>

#include "vendors/chat/message.h"

namespace signalbox::gemini {

void JoinThoughts(std::vector<chat::Message>& messages);

}  // namespace signalbox::gemini
