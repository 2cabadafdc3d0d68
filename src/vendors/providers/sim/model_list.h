// The simulated models as vendors list theirs.
//
// Owner: sim_service.cc. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::sim {

// The body for a path that lists models, or describes one: OpenAI's /models and /models/<id>,
// Gemini's /v1beta/models, Ollama's /api/tags. Nullopt for any other. `created`: seconds since
// 1970.
std::optional<std::string> ModelList(std::string_view path, std::int64_t created);

}  // namespace signalbox::sim
