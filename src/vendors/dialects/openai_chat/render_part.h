// The pieces of a message into OpenAI Chat's form.
//
// Owner: the caller. Threads: any.
// Errors: none; expressible.h has said before what cannot be written. Cancel: nothing to undo.
//
// `own`: the pieces came in this dialect, so that their extras go out too. `index`: the number that
// an element of a streamed list has.
#pragma once

#include <cstdint>
#include <optional>

#include "base/json/writer.h"
#include "vendors/chat/part.h"

namespace signalbox::openai_chat {

// An element of a content list: text, media, refusal, thinking or a raw part.
void RenderPart(const chat::Part& part, bool own, json::Writer& out,
                std::optional<std::int64_t> index = {});

// An element of `tool_calls`, the one at `index`: a call or a raw part.
void RenderCall(const chat::Part& part, std::int64_t index, bool own, json::Writer& out);

// An element of `annotations`.
void RenderCitation(const chat::Citation& citation, bool own, json::Writer& out,
                    std::optional<std::int64_t> index = {});

// Google's place for the signature of a call.
void RenderCallSignature(std::string_view signature, json::Writer& out);

// The value of a message's `audio`.
void RenderSpokenAudio(const chat::Media& audio, bool own, json::Writer& out);

}  // namespace signalbox::openai_chat
