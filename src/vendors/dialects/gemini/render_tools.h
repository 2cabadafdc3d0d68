// tools and toolConfig.
//
// Owner: the caller. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>
#include <vector>

#include "base/json/writer.h"
#include "vendors/chat/request.h"
#include "vendors/dialects/gemini/names.h"

namespace signalbox::gemini {

void RenderTools(const chat::Request& request, const ModelFacts& facts, json::Writer& out);
// Adds to `dropped` what the model or the host does not know.
void RenderToolConfig(const chat::Request& request, const ModelFacts& facts, Host host,
                      std::vector<std::string>& dropped, json::Writer& out);

}  // namespace signalbox::gemini
