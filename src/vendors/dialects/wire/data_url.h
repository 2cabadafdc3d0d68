// data:<media type>;base64,<data> (RFC 2397) and the parts it is made of.
//
// Owner: the caller. Threads: any. Errors: none; another URL stays as it is.
// Cancel: nothing to undo.
#pragma once

#include <string>

#include "vendors/chat/part.h"

namespace signalbox::wire {

// Moves a Base64 data URL with a media type out of `media.url` into `data` and `media_type`.
void SplitDataUrl(chat::Media& media);

// The URL of `media`: its own, or one made of its data. Without a media type: the data alone.
std::string UrlOf(const chat::Media& media);

}  // namespace signalbox::wire
