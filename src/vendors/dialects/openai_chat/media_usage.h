// What answers beside chat say that they used: pictures, speech, transcripts, moderations.
//
// Pure. Errors: none; what is not stated is unknown.
// Source: OpenAI API reference, images/object, audio/json-object, audio/verbose-json-object,
//         audio/speech-audio-done-event; Groq's and Mistral's audio references.
#pragma once

#include "base/json/document.h"
#include "vendors/catalog/bill.h"
#include "vendors/chat/envelope.h"

namespace signalbox::openai_chat {

// Of a whole answer or of an event of a stream: tokens by kind, seconds of sound (`usage.seconds`,
// Mistral's `prompt_audio_seconds`, `duration` of a verbose transcript), how many pictures there
// are in `data`, and what vendors state as the cost.
catalog::Bill ReadMediaBill(const json::Value& answer, chat::Operation operation);

// Whether a bill says what was used in any of these ways.
bool IsStated(const catalog::Bill& bill);

// What the text `input` of a request for speech is billed by: its characters, not its bytes.
std::int64_t CountCharacters(std::string_view text);

}  // namespace signalbox::openai_chat
