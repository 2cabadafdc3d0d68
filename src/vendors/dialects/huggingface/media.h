// Pictures, speech and transcripts of HuggingFace Inference: {"inputs","parameters"} in, a picture
// or sound as it is out; sound in, {"text"} out.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest that names what it cannot; kUpstreamProtocol for an answer that is none.
// Cancel:  nothing to undo.
// Source:  HuggingFace's Inference Providers reference, tasks text-to-image, text-to-speech and
//          automatic-speech-recognition, 2026-11.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::huggingface {

core::Result<wire::RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request);
core::Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body);

core::Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request);

// The file itself; Base64 inside JSON where the answer must say when something was said, because
// that is a parameter.
core::Result<wire::SoundForm> RenderTranscriptionStart(const chat::TranscriptionRequest& request);
core::Result<wire::RenderedRequest> RenderTranscriptionEnd(
    const chat::TranscriptionRequest& request, const wire::SoundForm& form);
core::Result<chat::Transcript> ParseTranscript(const json::Value& body);

}  // namespace signalbox::huggingface
