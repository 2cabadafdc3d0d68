// What the simulated model answers where sound, pictures and moderation are asked for: in OpenAI's
// form, always the same for the same request.
//
// Owner: nobody; pure functions. Threads: any. Errors: kInvalidRequest that names the field.
// Cancel: nothing to undo. Source: OpenAI API reference, moderations, images, audio.
#pragma once

#include <string>
#include <string_view>

#include "base/core/error.h"
#include "base/json/document.h"
#include "vendors/providers/sim/form_summary.h"

namespace signalbox::sim {

struct MediaAnswer {
  std::string_view content_type = "application/json";
  std::string body;
};

// Flags a text by the words in it: hate, harass, kill, steal, suicide, sex.
core::Result<MediaAnswer> AnswerModeration(const json::Value& request, std::string_view id);
// `n` pictures of 8 × 8 points, whose colour is the prompt's.
core::Result<MediaAnswer> AnswerImages(const json::Value& request, std::int64_t created);
// A tone, 10 ms for each byte of the text.
core::Result<MediaAnswer> AnswerSpeech(const json::Value& request);
// Says what the file was called and how long it was.
core::Result<MediaAnswer> AnswerTranscription(const FormSummary& form);

// The text that rules match: the input, the prompt.
std::string TextOf(const json::Value& request);

// Files made by code: a PNG of one colour (0xRRGGBB), and a WAV of 8,000 samples a second.
std::string MakePng(std::uint32_t width, std::uint32_t height, std::uint32_t colour);
std::string MakeWav(std::size_t samples);

}  // namespace signalbox::sim
