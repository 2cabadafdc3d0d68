// Pictures, speech and transcripts of Workers AI. What a model takes is told by its name: the API
// is the same for all.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest that names what the model cannot; kUpstreamProtocol for an answer that
// is
//          none.
// Cancel:  nothing to undo.
// Source:  Cloudflare's Workers AI reference, the models' pages (flux-1-schnell, Stable Diffusion,
//          Leonardo; MeloTTS, Aura; Whisper, Nova), 2026-11.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

core::Result<wire::RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request);
// {"result":{"image": Base64}}, or the picture itself.
core::Result<chat::ImagesResponse> ParseImagesAnswer(const wire::MediaBody& body);

core::Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request);
// {"result":{"audio": Base64}}
core::Result<chat::Sound> ParseSpeechAnswer(const json::Value& body);

// Whisper Large takes Base64 inside JSON, with the fields; the others the file itself, alone.
core::Result<wire::SoundForm> RenderTranscriptionStart(const chat::TranscriptionRequest& request);
core::Result<wire::RenderedRequest> RenderTranscriptionEnd(
    const chat::TranscriptionRequest& request, const wire::SoundForm& form);
core::Result<chat::Transcript> ParseTranscript(const json::Value& body);

}  // namespace signalbox::workers_ai
