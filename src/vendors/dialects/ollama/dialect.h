// Ollama's own API: chat, generate, embed, and the older embeddings.
//
// Owner:   static, for ever. Threads: any. Errors: as wire::Dialect has them. Cancel: nothing.
// Source:  Ollama's API reference and OpenAPI description; recordings.
//
// Ollama asks for the same conversation in two forms, on two paths. A form is a dialect object of
// its own with the same name: the route of a caller picks its object, an upstream is spoken to with
// TheDialect(), and where both have the same name the caller's object serves for both sides, path
// included.
#pragma once

#include <cstdint>
#include <string_view>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::ollama {

inline constexpr std::string_view kDialect = "ollama";

enum class Form : std::uint8_t {
  kChat,           // /api/chat and /api/embed
  kGenerate,       // /api/generate: one prompt, the answer's text in `response`
  kOldEmbeddings,  // /api/embeddings: one text, one vector
};

const wire::Dialect& DialectOf(Form form);

// Chat and embed.
const wire::Dialect& TheDialect();

}  // namespace signalbox::ollama
