// logprobsResult, and the canonical form, which is OpenAI's: {"content": [{token, logprob, …}]}.
//
// Owner: the caller. Threads: any.
// Errors: none; what makes no sense is an empty text. Cancel: nothing to undo.
#pragma once

#include "base/json/document.h"
#include "vendors/chat/raw.h"

namespace signalbox::gemini {

chat::RawJson LogprobsOf(const json::Value& result);
chat::RawJson LogprobsResultOf(const chat::RawJson& logprobs);

}  // namespace signalbox::gemini
