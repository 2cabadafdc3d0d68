// Which call of a model a path means: whose dialect, which operation, and what the path itself says
// of the call.
//
// Pure. Errors: none; nullopt for a path that calls no model. Source: the vendors' API references.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vendors/dialects/wire/dialect.h"

namespace signalbox::api {

struct ModelCall {
  const wire::Dialect* dialect = nullptr;
  chat::Operation operation = chat::Operation::kChat;
  std::string model = {};             // where the path names it (Gemini)
  std::optional<bool> streamed = {};  // where the path says it (Gemini)
  wire::Framing framing = wire::Framing::kSse;
  std::string_view upstream_path = {};  // where an operation has several
};

// What of a request's head says whose API is spoken.
struct CallHead {
  std::string_view path;             // as sent
  std::string_view query = {};       // without its question mark
  std::string_view user_agent = {};  // Mistral's SDKs call OpenAI's paths and read their own forms
};

std::optional<ModelCall> FindModelCall(const CallHead& head);

bool IsMistralClient(std::string_view user_agent);

// Whose errors the caller expects; OpenAI's where nothing says so.
const wire::Dialect& DialectOf(const CallHead& head);

// Each path that calls a model, for the page that documents them. Where `path` has {model}, the
// name may stand in it.
struct ModelPath {
  std::string path;
  std::string_view dialect;
  chat::Operation operation;
};
std::vector<ModelPath> ModelPaths();

}  // namespace signalbox::api
