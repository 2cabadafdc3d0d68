#include "vendors/providers/sim/model_list.h"

#include <array>

#include "base/json/writer.h"

namespace signalbox::sim {
namespace {

using json::Writer;

constexpr std::array<std::string_view, 7> kModels = {"canned",   "echo", "embed", "json",
                                                     "scripted", "slow", "tools"};

void WriteOpenAi(std::string_view id, std::int64_t created, Writer& out) {
  out.BeginObject().Key("id").String(id).Key("object").String("model");
  out.Key("created").Int(created).Key("owned_by").String("signalbox").EndObject();
}

void WriteGemini(std::string_view id, std::int64_t, Writer& out) {
  out.BeginObject().Key("name").String(std::string("models/").append(id));
  out.Key("displayName").String(id).Key("supportedGenerationMethods").BeginArray();
  out.String("generateContent").String("countTokens").EndArray().EndObject();
}

void WriteOllama(std::string_view id, std::int64_t, Writer& out) {
  out.BeginObject().Key("name").String(id).Key("model").String(id).Key("size").Int(0);
  out.Key("details").BeginObject().Key("format").String("sim").EndObject().EndObject();
}

template <typename Write>
std::string All(std::string_view member, std::int64_t created, Write write) {
  std::string body;
  Writer out(body);
  out.BeginObject();
  if (member == "data") {
    out.Key("object").String("list");
  }
  out.Key(member).BeginArray();
  for (const std::string_view model : kModels) {
    write(model, created, out);
  }
  out.EndArray().EndObject();
  return body;
}

template <typename Write>
std::string One(std::string_view id, std::int64_t created, Write write) {
  std::string body;
  Writer out(body);
  write(id, created, out);
  return body;
}

}  // namespace

std::optional<std::string> ModelList(std::string_view path, std::int64_t created) {
  constexpr std::string_view kAll = "/models";
  constexpr std::string_view kGemini = "/v1beta";
  if (path == "/api/tags") {
    return All("models", created, WriteOllama);
  }
  const bool gemini = path.starts_with(kGemini);
  path.remove_prefix(gemini ? kGemini.size() : path.starts_with("/v1/") ? 3 : 0);
  if (path == kAll) {
    return gemini ? All("models", created, WriteGemini) : All("data", created, WriteOpenAi);
  }
  if (!path.starts_with("/models/")) {
    return std::nullopt;
  }
  const std::string_view id = path.substr(kAll.size() + 1);
  return gemini ? One(id, created, WriteGemini) : One(id, created, WriteOpenAi);
}

}  // namespace signalbox::sim
