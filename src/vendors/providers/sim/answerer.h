// What the simulated model answers: a pure function of the request, the script's effects and a
// seed.
//
// Owner:   the caller.
// Threads: any.
// Errors:  none; every request that a dialect could parse has an answer.
// Cancel:  nothing to undo.
//
// Models (a leading "sim/" is taken off): echo, scripted, canned, tools, json, embed, slow; any
// other name answers like canned. Every one of them honours response_format, and a tool_choice that
// demands a call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vendors/chat/embeddings.h"
#include "vendors/chat/request.h"
#include "vendors/chat/response.h"
#include "vendors/providers/sim/script.h"

namespace signalbox::sim {

std::string_view BareModel(std::string_view model);

// The text of the last user message; pictures and files as facts in brackets.
std::string LastUserText(const chat::Request& request);

// Tokens of the messages and tools, framed as OpenAI's cookbook counts them: 3 per message, 3 more
// for the answer's start.
std::int64_t CountInput(const chat::Request& request);

// The whole answer with its usage. `id` and `created` are the caller's to set. `prompt` is
// LastUserText; `effects` may be null.
chat::Response Answer(const chat::Request& request, const std::string& prompt,
                      const Effects* effects, std::uint64_t seed);

chat::EmbeddingsResponse AnswerEmbeddings(const chat::EmbeddingsRequest& request);

// What of a part is streamed token by token: text, reasoning, a refusal, a call's arguments.
std::string_view StreamedText(const chat::Part& part);

// Tokens of one choice: of all that is streamed.
std::int64_t CountOutput(const chat::Choice& choice);

}  // namespace signalbox::sim
