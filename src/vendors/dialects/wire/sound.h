// What dialects share that speak and listen: which wishes nobody but OpenAI has a word for, and
// what a file is by how it begins.
//
// Owner:   the caller. Threads: any.
// Errors:  kInvalidRequest that names the field, for what would make the answer wrong.
// Cancel:  nothing to undo.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "vendors/chat/speech.h"

namespace signalbox::wire {

// Refuses sound as events. Notes in `dropped` the instructions, the speed, and unknown members.
core::Status CheckSpeech(const chat::SpeechRequest& request, std::string_view title,
                         std::vector<std::string>& dropped);
// For a model that makes one format and does not say beforehand which: what is stated is dropped,
// for the answer's content-type says it, but for sound without a head, which nobody could read.
core::Status CheckOneFormat(const chat::SpeechRequest& request, std::string_view title,
                            std::vector<std::string>& dropped);

// One of those that OpenAI's models have, and no others: left out, and noted.
bool IsOpenAisVoice(std::string_view voice);

// "audio/wav", "audio/mpeg", "audio/flac", "audio/ogg"; empty: none of these.
std::string_view SoundType(std::string_view bytes);
// What a file that is sent is: as its part of the form says, else by its name.
std::string SoundTypeOf(const chat::TranscriptionRequest& request);

// Whether the answer must say when something was said.
bool WantsTimes(const chat::TranscriptionRequest& request);
// Notes in `dropped` the fields that are unknown.
void NoteOthers(const chat::TranscriptionRequest& request, std::vector<std::string>& dropped);

}  // namespace signalbox::wire
