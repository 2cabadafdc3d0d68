// generationConfig and thinkingConfig.
//
// Owner: the caller. Threads: any.
// Errors: kInvalidRequest for an effort that nobody knows.
// Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/core/error.h"
#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/gemini/names.h"

namespace signalbox::gemini {

// Nothing when there is nothing to say. Adds to `dropped` what the model has no way for.
core::Status RenderConfig(const chat::Request& request, const ModelFacts& facts,
                          std::vector<std::string>& dropped, json::Writer& out);

// The members of `extra` behind `prefix`, without it.
void RenderBehind(std::string_view prefix, const chat::Extra& extra, json::Writer& out);

}  // namespace signalbox::gemini
