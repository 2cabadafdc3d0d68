// Pictures of Imagen (predict) and of Gemini's own picture models (generateContent), and speech of
// its models that speak.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest that names what the model cannot, and for a prompt of which it makes no
//          picture; kUpstreamProtocol for an answer that is none.
// Cancel:  nothing to undo.
// Source:  Google's guides for Imagen, native image generation and speech generation; Vertex AI's
//          Imagen reference, 2026-11.
#pragma once

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/dialects/gemini/names.h"
#include "vendors/dialects/wire/dialect.h"

namespace signalbox::gemini {

bool IsImagen(std::string_view model);

core::Result<wire::RenderedRequest> RenderImagesRequest(const chat::ImagesRequest& request,
                                                        Host host);
core::Result<chat::ImagesResponse> ParseImagesAnswer(const json::Value& body);

// Sound is 16-bit PCM: it goes on as "pcm", or with a head as "wav".
core::Result<wire::RenderedRequest> RenderSpeechRequest(const chat::SpeechRequest& request);
core::Result<chat::Sound> ParseSpeechAnswer(const json::Value& body,
                                            const chat::SpeechRequest& request);

}  // namespace signalbox::gemini
