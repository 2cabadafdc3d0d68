// Cloudflare Workers AI's own API: /ai/run/<model>, whatever the model.
//
// Owner:   static, for ever. Threads: any. Errors: as wire::Dialect has them. Cancel: nothing.
// Source:  Cloudflare's Workers AI reference (models, JSON mode, errors); its own client library;
//          literals of its tests.
//
// The model is in the path and not in the body. What is in OpenAI Chat's form inside an answer or a
// stream is openai_chat's to read and to write.
#pragma once

#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::workers_ai {

inline constexpr std::string_view kDialect = "workers_ai";

const wire::Dialect& TheDialect();

}  // namespace signalbox::workers_ai
