// What OpenAI wants to be told of media, worked out where the sender did not say it.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/chat/part.h"

namespace signalbox::openai_chat {

// "wav", "mp3", …: as stated, by the media type, or by how the data begins; empty: not to be told.
std::string AudioFormat(const chat::Media& audio);

// As stated, or one made by the media type: OpenAI refuses file_data without a name. Empty for a
// file that is named by its id.
std::string FileName(const chat::Media& file);

}  // namespace signalbox::openai_chat
