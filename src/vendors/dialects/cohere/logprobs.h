// Log probabilities: Cohere's, of pieces of text with their tokens, and those of OpenAI Chat, which
// are the canonical ones.
//
// Owner: the caller. Threads: any. Errors: none; empty when there are none. Cancel: nothing to
// undo.
//
// Of a piece with several tokens the sum is its log probability.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/raw.h"

namespace signalbox::cohere {

// A list of pieces, or one: {"content":[{"token":…,"logprob":…,"top_logprobs":[]}]}.
chat::RawJson FromPieces(const json::Value& pieces);

// The elements of `content` as pieces without token ids.
chat::RawJson ToPieces(std::string_view logprobs);

}  // namespace signalbox::cohere
