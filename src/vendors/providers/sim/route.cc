#include "vendors/providers/sim/route.h"

#include <algorithm>
#include <charconv>

#include "vendors/dialects/dialects.h"

namespace signalbox::sim {
namespace {

using chat::Operation;
using wire::Framing;

struct Tail {
  std::string_view path;  // that the path ends with
  std::string_view dialect;
  Operation operation;
};

// The longer of two that fit stands first.
constexpr Tail kTails[] = {
    {"/chat/completions", "openai_chat", Operation::kChat},
    {"/completions", "openai_completions", Operation::kCompletions},
    {"/api/embeddings", "ollama_embeddings", Operation::kEmbeddings},
    {"/embeddings", "openai_chat", Operation::kEmbeddings},
    {"/moderations", "openai_chat", Operation::kModerations},
    {"/images/generations", "openai_chat", Operation::kImages},
    {"/audio/speech", "openai_chat", Operation::kSpeech},
    {"/audio/transcriptions", "openai_chat", Operation::kTranscriptions},
    {"/audio/translations", "openai_chat", Operation::kTranscriptions},
    {"/responses", "openai_responses", Operation::kChat},
    {"/messages/count_tokens", "anthropic", Operation::kCountTokens},
    {"/messages", "anthropic", Operation::kChat},
    {"/api/chat", "ollama", Operation::kChat},
    {"/api/generate", "ollama_generate", Operation::kGenerate},
    {"/api/embed", "ollama", Operation::kEmbeddings},
    {"/chat", "cohere", Operation::kChat},
    {"/embed", "cohere", Operation::kEmbeddings},
    {"/rerank", "cohere", Operation::kRerank},
    {"/ai", "simple", Operation::kChat},
};

// What stands behind a model in the path, and what it asks for.
struct Verb {
  std::string_view name;
  std::string_view dialect;
  Operation operation;
  std::optional<bool> streamed;
};

constexpr Verb kGoogleVerbs[] = {
    {":generateContent", "gemini", Operation::kChat, false},
    {":streamGenerateContent", "gemini", Operation::kChat, true},
    {":countTokens", "gemini", Operation::kCountTokens, false},
    {":embedContent", "gemini", Operation::kEmbeddings, false},
    {":batchEmbedContents", "gemini", Operation::kEmbeddings, false},
    {":predict", "vertex", Operation::kEmbeddings, false},
    {":rawPredict", "anthropic", Operation::kChat, false},
    {":streamRawPredict", "anthropic", Operation::kChat, true},
};

constexpr Verb kBedrockVerbs[] = {
    {"/converse", "bedrock", Operation::kChat, false},
    {"/converse-stream", "bedrock", Operation::kChat, true},
    {"/count-tokens", "bedrock", Operation::kCountTokens, false},
    {"/invoke", "bedrock", Operation::kEmbeddings, false},
};

// %3A becomes a colon.
std::string Decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Route> To(std::string_view dialect, Operation operation, std::string_view model = {},
                        std::optional<bool> streamed = {}) {
  const wire::Dialect* found = dialects::Find(dialect);
  if (found == nullptr) {
    return std::nullopt;
  }
  return Route{found, operation, Decoded(model), streamed, found->framing()};
}

// The text between `mark` and the end of `path`; empty when `mark` is not there.
std::string_view Behind(std::string_view path, std::string_view mark) {
  const std::size_t at = path.rfind(mark);
  return at == path.npos ? std::string_view() : path.substr(at + mark.size());
}

std::optional<Route> FindVerb(std::string_view rest, std::span<const Verb> verbs) {
  const auto verb =
      std::ranges::find_if(verbs, [&](const Verb& each) { return rest.ends_with(each.name); });
  if (verb == verbs.end()) {
    return std::nullopt;
  }
  rest.remove_suffix(verb->name.size());
  return To(verb->dialect, verb->operation, rest, verb->streamed);
}

// …/models/<model>:<verb>; Vertex has a project and a publisher before it.
std::optional<Route> FindGoogle(std::string_view path, std::string_view query) {
  auto route = FindVerb(Behind(path, "/models/"), kGoogleVerbs);
  if (!route) {
    return std::nullopt;
  }
  const bool vertex = path.find("/publishers/google/") != path.npos;
  const wire::Dialect* const own = vertex ? dialects::Find("vertex") : nullptr;
  route->dialect = own == nullptr ? route->dialect : own;
  const bool listed = route->streamed == true && query.find("alt=sse") == query.npos;
  if (listed && path.ends_with(":streamGenerateContent")) {
    route->framing = Framing::kJsonArray;
  }
  return route;
}

std::optional<Route> FindHuggingFace(std::string_view path) {
  constexpr std::string_view kEmbeddings = "/pipeline/feature-extraction";
  std::string_view model = Behind(path, "/models/");
  if (model.ends_with(kEmbeddings)) {
    model.remove_suffix(kEmbeddings.size());
    return To("huggingface", Operation::kEmbeddings, model);
  }
  return model.empty() ? std::nullopt : To("huggingface", Operation::kChat, model);
}

}  // namespace

std::optional<Route> FindRoute(std::string_view path) {
  const std::size_t mark = std::min(path.find('?'), path.size());
  const std::string_view query = path.substr(mark);
  path = path.substr(0, mark);
  if (const std::string_view model = Behind(path, "/run/"); !model.empty()) {
    return To("workers_ai", Operation::kChat, model);
  }
  if (auto route = FindGoogle(path, query)) {
    return route;
  }
  if (auto route = FindVerb(Behind(path, "/model/"), kBedrockVerbs)) {
    return route;
  }
  for (const Tail& tail : kTails) {
    if (path.ends_with(tail.path)) {
      return To(tail.dialect, tail.operation);
    }
  }
  return FindHuggingFace(path);
}

void RefineRoute(const json::Value& body, Route& route) {
  if (route.operation != Operation::kChat || route.dialect->name() != "workers_ai") {
    return;
  }
  const bool speaks = body.Find("messages") || body.Find("prompt");
  if (!speaks && body.Find("text")) {
    route.operation = Operation::kEmbeddings;
  } else if (!speaks && body.Find("query") && body.Find("contexts")) {
    route.operation = Operation::kRerank;
  }
}

}  // namespace signalbox::sim
