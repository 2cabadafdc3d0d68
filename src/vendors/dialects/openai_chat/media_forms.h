// Pictures, speech and transcripts in OpenAI's form, where an upstream has another: a caller's
// request read, the answer written.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest whose `param` is the field; kUpstreamProtocol for a transcript that says
//          less than what was asked for.
// Cancel:  nothing to undo.
// Source:  OpenAI API reference, images/create, audio/createSpeech, audio/createTranscription.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::openai_chat {

core::Result<chat::ImagesRequest> ParseImagesRequest(const json::Value& body);
std::string RenderImagesAnswer(const chat::ImagesResponse& response);

core::Result<chat::SpeechRequest> ParseSpeechRequest(const json::Value& body);

// A field of the form that is no file.
core::Status ReadTranscriptionField(std::string_view name, std::string_view value,
                                    chat::TranscriptionRequest& out);
// In the format that was asked for, or as events.
core::Result<wire::RenderedTranscript> RenderTranscript(const chat::Transcript& transcript,
                                                        const chat::TranscriptionRequest& request);

}  // namespace signalbox::openai_chat
