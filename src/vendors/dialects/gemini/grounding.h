// What an answer rests on: groundingMetadata and citationMetadata, and canonical citations.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
//
// Google counts bytes of UTF-8, the canonical form characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::gemini {

// The citations of a candidate. With the text that it says their places are told, without it (a
// stream) they are not.
std::vector<chat::Citation> CitationsOf(const json::Value& candidate, std::string_view text);

// Code points of UTF-8.
std::int64_t CharactersIn(std::string_view text);

// {"groundingChunks": …, "groundingSupports": …}. `text`: what the citations' places count in.
void RenderGrounding(const std::vector<chat::Citation>& citations, std::string_view text,
                     json::Writer& out);

}  // namespace signalbox::gemini
