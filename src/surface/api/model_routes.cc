#include "surface/api/model_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "surface/api/form.h"
#include "vendors/dialects/dialects.h"

namespace signalbox::api {
namespace {

using chat::Operation;

struct Row {
  std::string_view path;
  std::string_view dialect;
  Operation operation;
  std::string_view upstream_path = {};
};

constexpr auto kRows = std::to_array<Row>({
    {"/v1/chat/completions", "openai_chat", Operation::kChat},
    {"/v1/completions", "openai_completions", Operation::kCompletions},
    {"/v1/embeddings", "openai_chat", Operation::kEmbeddings},
    {"/v1/moderations", "openai_chat", Operation::kModerations},
    {"/v1/images/generations", "openai_chat", Operation::kImages},
    {"/v1/audio/speech", "openai_chat", Operation::kSpeech},
    {"/v1/audio/transcriptions", "openai_chat", Operation::kTranscriptions},
    {"/v1/audio/translations", "openai_chat", Operation::kTranscriptions, "/audio/translations"},
    {"/v1/responses", "openai_responses", Operation::kChat},
    {"/v1/messages", "anthropic", Operation::kChat},
    {"/v1/messages/count_tokens", "anthropic", Operation::kCountTokens},
    {"/v1/rerank", "cohere", Operation::kRerank},
    {"/v2/rerank", "cohere", Operation::kRerank},
    {"/v2/chat", "cohere", Operation::kChat},
    {"/v2/embed", "cohere", Operation::kEmbeddings},
    {"/api/chat", "ollama", Operation::kChat},
    {"/api/generate", "ollama_generate", Operation::kGenerate},
    {"/api/embed", "ollama", Operation::kEmbeddings},
    {"/api/embeddings", "ollama_embeddings", Operation::kEmbeddings},
    {"/ai", "simple", Operation::kChat},
});

// Gemini's verbs, behind the model's name and a colon.
struct Verb {
  std::string_view name;
  Operation operation;
  bool streamed = false;
};
constexpr auto kVerbs = std::to_array<Verb>({
    {"generateContent", Operation::kChat},
    {"streamGenerateContent", Operation::kChat, true},
    {"countTokens", Operation::kCountTokens},
    {"embedContent", Operation::kEmbeddings},
    {"batchEmbedContents", Operation::kEmbeddings},
});

// Google's clients may be set to either version; one of them takes a model's name with a slash in
// it for a whole path.
constexpr auto kGeminiPaths =
    std::to_array<std::string_view>({"/v1beta/models/", "/v1/models/", "/v1beta/"});

// Paths of one vendor alone, for errors told to whoever missed a path of theirs.
constexpr std::pair<std::string_view, std::string_view> kHomes[] = {
    {"/v1/messages", "anthropic"}, {"/v1beta/", "gemini"},      {"/v2/", "cohere"},
    {"/api/chat", "ollama"},       {"/api/generate", "ollama"}, {"/api/embed", "ollama"},
    {"/api/tags", "ollama"},       {"/api/show", "ollama"},     {"/ai", "simple"},
};

bool HasParameter(std::string_view query, std::string_view parameter) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    if (query.substr(0, end) == parameter) {
      return true;
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

std::optional<ModelCall> FindGeminiCall(std::string_view path, std::string_view query) {
  const auto start = std::ranges::find_if(
      kGeminiPaths, [&](std::string_view prefix) { return path.starts_with(prefix); });
  const std::size_t colon = path.rfind(':');
  if (start == kGeminiPaths.end() || colon == path.npos || colon < start->size()) {
    return std::nullopt;
  }
  const auto verb = std::ranges::find(kVerbs, path.substr(colon + 1), &Verb::name);
  if (verb == kVerbs.end()) {
    return std::nullopt;
  }
  ModelCall call{.dialect = dialects::Find("gemini"),
                 .operation = verb->operation,
                 .model = PercentDecoded(path.substr(start->size(), colon - start->size())),
                 .streamed = verb->streamed,
                 .framing = wire::Framing::kSse};
  if (verb->streamed && !HasParameter(query, "alt=sse")) {
    call.framing = wire::Framing::kJsonArray;
  }
  return call;
}

// The dialect of a row for whoever calls. What Mistral has in OpenAI's form is told in that form.
const wire::Dialect* DialectOfRow(const Row& row, const CallHead& head) {
  const bool differs = row.operation == Operation::kChat || row.operation == Operation::kEmbeddings;
  const bool mistral = differs && row.dialect == "openai_chat" && IsMistralClient(head.user_agent);
  return dialects::Find(mistral ? "mistral" : row.dialect);
}

}  // namespace

bool IsMistralClient(std::string_view user_agent) {
  return user_agent.starts_with("mistral-client-");
}

std::optional<ModelCall> FindModelCall(const CallHead& head) {
  if (const auto row = std::ranges::find(kRows, head.path, &Row::path); row != kRows.end()) {
    const wire::Dialect* dialect = DialectOfRow(*row, head);
    return ModelCall{.dialect = dialect,
                     .operation = row->operation,
                     .framing = dialect->framing(),
                     .upstream_path = row->upstream_path};
  }
  return FindGeminiCall(head.path, head.query);
}

const wire::Dialect& DialectOf(const CallHead& head) {
  const std::string_view path = head.path;
  for (const auto& [home, dialect] : kHomes) {
    if (path.starts_with(home) &&
        (home.size() > 3 || path.size() == 3 || path[3] == '/' || home.ends_with('/'))) {
      return *dialects::Find(dialect);
    }
  }
  const auto row = std::ranges::find(kRows, path, &Row::path);
  return row == kRows.end() ? *dialects::Find("openai_chat") : *DialectOfRow(*row, head);
}

std::vector<ModelPath> ModelPaths() {
  std::vector<ModelPath> paths;
  for (const Row& row : kRows) {
    paths.push_back({std::string(row.path), row.dialect, row.operation});
  }
  for (const Verb& verb : kVerbs) {
    paths.push_back(
        {fmt::format("{}{{model}}:{}", kGeminiPaths.front(), verb.name), "gemini", verb.operation});
  }
  return paths;
}

}  // namespace signalbox::api
