#include <bit>
#include <cstring>

#include "base/json/writer.h"
#include "vendors/dialects/gemini/base64.h"
#include "vendors/dialects/gemini/dialect.h"
#include "vendors/dialects/gemini/embeddings.h"
#include "vendors/dialects/gemini/usage_form.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::gemini {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using json::Writer;

constexpr std::string_view kParameters = "parameters.";

// What others say of an embedding that Google has no word for.
void NameDropped(const EmbeddingsRequest& request, std::vector<std::string>& dropped) {
  if (!request.user.empty()) {
    dropped.emplace_back("user");
  }
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

void RenderMembers(const EmbeddingsRequest& request, bool parameters, Writer& out) {
  for (const chat::Member& member : request.extra) {
    const std::string_view key = member.key;
    if (request.dialect == kDialect && key.starts_with(kParameters) == parameters) {
      out.Key(parameters ? key.substr(kParameters.size()) : key).Raw(member.value);
    }
  }
}

void RenderBatch(const EmbeddingsRequest& request, Writer& out) {
  const bool placed =
      request.model.starts_with("models/") || request.model.starts_with("tunedModels/");
  out.Key("requests").BeginArray();
  for (const chat::EmbeddingInput& input : request.inputs) {
    out.BeginObject();
    if (!request.model.empty()) {
      out.Key("model").String(placed ? request.model : "models/" + request.model);
    }
    out.Key("content").BeginObject().Key("parts").BeginArray().BeginObject();
    out.Key("text").String(input.text).EndObject().EndArray().EndObject();
    if (!request.purpose.empty()) {
      out.Key("taskType").String(TaskTypeOf(request.purpose));
    }
    wire::RenderInt("outputDimensionality", request.dimensions, out);
    RenderMembers(request, false, out);
    out.EndObject();
  }
  out.EndArray();
}

void RenderPredict(const EmbeddingsRequest& request, Writer& out) {
  out.Key("instances").BeginArray();
  for (const chat::EmbeddingInput& input : request.inputs) {
    out.BeginObject().Key("content").String(input.text);
    if (!request.purpose.empty()) {
      out.Key("task_type").String(TaskTypeOf(request.purpose));
    }
    RenderMembers(request, false, out);
    out.EndObject();
  }
  out.EndArray().Key("parameters").BeginObject();
  wire::RenderInt("outputDimensionality", request.dimensions, out);
  RenderMembers(request, true, out);
  out.EndObject();
}

// A list of numbers, of Base64 too: little-endian floats.
void RenderVector(const chat::RawJson& vector, Writer& out) {
  const bool coded = vector.size() > 1 && vector.front() == '"';
  const auto bytes =
      coded ? FromBase64(std::string_view(vector).substr(1, vector.size() - 2)) : std::nullopt;
  if (!bytes) {
    out.Raw(coded || vector.empty() ? "[]" : std::string_view(vector));
    return;
  }
  static_assert(std::endian::native == std::endian::little);
  out.BeginArray();
  for (std::size_t at = 0; at + sizeof(float) <= bytes->size(); at += sizeof(float)) {
    float number = 0;
    std::memcpy(&number, bytes->data() + at, sizeof number);
    out.Double(static_cast<double>(number));
  }
  out.EndArray();
}

void RenderEmbedding(const chat::Embedding& embedding, bool own, Writer& out) {
  out.BeginObject().Key("values");
  RenderVector(embedding.vector, out);
  wire::RenderExtra(embedding.extra, own, out);
  out.EndObject();
}

void RenderPredictions(const EmbeddingsResponse& response, bool own, Writer& out) {
  out.Key("predictions").BeginArray();
  for (const chat::Embedding& embedding : response.data) {
    out.BeginObject().Key("embeddings");
    RenderEmbedding(embedding, own, out);
    out.EndObject();
  }
  out.EndArray();
}

}  // namespace

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request,
                                                            Host host) {
  wire::RenderedRequest rendered;
  if (request.inputs.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "input: a text was expected", "input");
  }
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      const std::string path = "input[" + std::to_string(i) + "]";
      return core::Fail(core::ErrorCode::kInvalidRequest, path + ": Google takes texts, not tokens",
                        path);
    }
  }
  if (request.dialect != kDialect) {
    NameDropped(request, rendered.dropped);
  }
  Writer out(rendered.body);
  out.BeginObject();
  if (host == Host::kVertex) {
    RenderPredict(request, out);
  } else {
    RenderBatch(request, out);
  }
  out.EndObject();
  return rendered;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response, Host host) {
  const bool own = response.dialect == kDialect;
  std::string body;
  Writer out(body);
  out.BeginObject();
  if (host == Host::kVertex) {
    RenderPredictions(response, own, out);
  } else if (!response.listed && response.data.size() == 1) {
    out.Key("embedding");
    RenderEmbedding(response.data.front(), own, out);
  } else {
    out.Key("embeddings").BeginArray();
    for (const chat::Embedding& embedding : response.data) {
      RenderEmbedding(embedding, own, out);
    }
    out.EndArray();
  }
  if (response.usage && host == Host::kGemini) {
    out.Key("usageMetadata");
    RenderUsage(*response.usage, own, out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::gemini
