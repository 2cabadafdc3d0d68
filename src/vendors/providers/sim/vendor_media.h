// What the simulated model answers where pictures, speech and transcripts are asked for in the
// forms of Google, Workers AI and HuggingFace.
//
// Owner: nobody; pure functions. Threads: any. Errors: kInvalidRequest that names the field.
// Cancel: nothing to undo. Source: as the dialects' media.h.
//
// These vendors ask for everything at one path: the model's name says what it makes.
#pragma once

#include <optional>
#include <string_view>

#include "vendors/providers/sim/media_answers.h"
#include "vendors/providers/sim/route.h"

namespace signalbox::sim {

// Changes the route where the model's name says that it makes pictures or sound, or hears it.
void RefineByModel(Route& route);
// The same where a request to Google says that it wants a picture or sound.
void RefineByModalities(const json::Value& body, Route& route);

// `request` is null where a file of `bytes` was sent as it is.
core::Result<MediaAnswer> AnswerVendorMedia(const Route& route, const json::Value* request,
                                            std::string_view bytes);

// The text that rules match.
std::string VendorTextOf(const json::Value& request);

}  // namespace signalbox::sim
