// Embeddings of vendors that take texts and give lists of numbers, and nothing else.
//
// Owner: the embeddings files of those dialects. Threads: any. Errors: kInvalidRequest with the
// field that cannot be carried. Cancel: nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/json/document.h"
#include "base/json/writer.h"
#include "vendors/chat/embeddings.h"

namespace signalbox::wire {

// One text or a list of texts.
core::Status ReadTexts(const json::Value& value, chat::EmbeddingsRequest& out);
// Fails for tokens, and where there is nothing; `title` is the vendor's.
core::Status CheckTexts(const chat::EmbeddingsRequest& request, std::string_view title);
// What such a vendor has no word for.
void NoteDropped(const chat::EmbeddingsRequest& request, std::vector<std::string>& dropped);
// One text where it stood alone and the vendor takes that, else a list.
void RenderTexts(const chat::EmbeddingsRequest& request, bool alone, json::Writer& out);

// The next vector of an answer: a list of numbers.
core::Status AddVector(const json::Value& vector, chat::EmbeddingsResponse& out);
// The vectors as a list, in the order of their texts.
void RenderVectors(const chat::EmbeddingsResponse& response, json::Writer& out);

}  // namespace signalbox::wire
