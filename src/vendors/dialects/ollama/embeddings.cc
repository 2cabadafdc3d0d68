#include "vendors/dialects/ollama/embeddings.h"

#include <utility>

#include "vendors/dialects/wire/embeddings.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::ollama {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

// The older form's word; beside `input` it stays unknown.
Status ReadPrompt(V value, EmbeddingsRequest& out) {
  return out.inputs.empty() ? wire::ReadText(value, out.inputs.emplace_back().text)
                            : wire::Expected("one input");
}

constexpr wire::Field<EmbeddingsRequest> kRequestFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"input", wire::ReadTexts},
    {"prompt", ReadPrompt, wire::OnFailure::kKeep},
    {"dimensions", [](V v, EmbeddingsRequest& out) { return wire::ReadInt(v, out.dimensions); }},
};

Status ReadCount(V value, EmbeddingsResponse& out) {
  const auto count = value.AsInt();
  if (!count || *count < 0) {
    return wire::Expected("a count");
  }
  out.usage.emplace();
  out.usage->tokens.input = *count;
  out.usage->total = *count;
  return {};
}

constexpr wire::Field<EmbeddingsResponse> kAnswerFields[] = {
    {"model", [](V v, EmbeddingsResponse& out) { return wire::ReadText(v, out.model); }},
    {"embeddings",
     [](V v, EmbeddingsResponse& out) {
       return wire::ReadList(v, [&](V vector) { return wire::AddVector(vector, out); });
     },
     wire::OnFailure::kDrop},
    {"embedding", wire::AddVector, wire::OnFailure::kDrop},
    {"prompt_eval_count", ReadCount},
};

}  // namespace

Result<EmbeddingsRequest> ParseEmbeddingsRequest(V body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kRequestFields, request, request.extra);
  if (status && request.inputs.empty() && !body.Find("input")) {
    status =
        std::unexpected(wire::UnderMember("input", wire::Expected("a text or a list").error()));
  }
  if (!status) {
    core::Error error = std::move(status).error();
    error.message = error.param.empty() ? error.message : error.param + ": " + error.message;
    return std::unexpected(std::move(error));
  }
  return request;
}

Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  if (!own) {
    SB_CHECK_OK(wire::CheckTexts(request, "Ollama"));
    wire::NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("model").String(request.model).Key("input");
  wire::RenderTexts(request, true, out);
  wire::RenderInt("dimensions", request.dimensions, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

Result<EmbeddingsResponse> ParseEmbeddingsAnswer(V body) {
  if (!body.Find("embeddings") && !body.Find("embedding")) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "embeddings: a list was expected");
  }
  EmbeddingsResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response, Form form) {
  std::string text;
  json::Writer out(text);
  out.BeginObject();
  if (form == Form::kOldEmbeddings) {
    out.Key("embedding")
        .Raw(response.data.empty() ? "[]" : std::string_view(response.data[0].vector));
    out.EndObject();
    return text;
  }
  out.Key("model").String(response.model).Key("embeddings");
  wire::RenderVectors(response, out);
  if (response.usage && response.usage->tokens.input >= 0) {
    out.Key("prompt_eval_count").Int(response.usage->tokens.input);
  }
  wire::RenderExtra(response.extra, response.dialect == kDialect, out);
  out.EndObject();
  return text;
}

}  // namespace signalbox::ollama
