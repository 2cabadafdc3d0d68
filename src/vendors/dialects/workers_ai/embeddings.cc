#include <utility>

#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/wire/embeddings.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/dialect.h"
#include "vendors/dialects/workers_ai/envelope.h"
#include "vendors/dialects/workers_ai/lists.h"

namespace signalbox::workers_ai {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

constexpr wire::Field<EmbeddingsRequest> kRequestFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"text", wire::ReadTexts},
};

Status ReadVectors(V value, EmbeddingsResponse& out) {
  return wire::ReadList(value, [&](V vector) { return wire::AddVector(vector, out); });
}

Status ReadUsage(V value, EmbeddingsResponse& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = openai_chat::ParseUsage(value);
  return {};
}

constexpr wire::Field<EmbeddingsResponse> kAnswerFields[] = {
    {"data", ReadVectors, wire::OnFailure::kDrop},
    {"shape", [](V, EmbeddingsResponse&) { return Status{}; }},
    {"usage", ReadUsage},
};

Status CheckInputs(const EmbeddingsRequest& request) {
  SB_CHECK_OK(wire::CheckTexts(request, "Workers AI"));
  return request.dimensions
             ? core::Fail(core::ErrorCode::kInvalidRequest,
                          "dimensions: Workers AI's vectors have the size of the model",
                          "dimensions")
             : Status{};
}

// [how many, of how many numbers]
void RenderShape(const EmbeddingsResponse& response, json::Writer& out) {
  std::size_t numbers = 0;
  json::Document document;
  if (!response.data.empty() && document.Parse(response.data.front().vector)) {
    numbers = document.Root().CountChildren();
  }
  out.Key("shape").BeginArray().Uint(response.data.size()).Uint(numbers).EndArray();
}

}  // namespace

Result<EmbeddingsRequest> ParseEmbeddingsRequest(V body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kRequestFields, request, request.extra);
  if (status && request.inputs.empty()) {
    status = std::unexpected(wire::UnderMember("text", wire::Expected("a text or a list").error()));
  }
  if (!status) {
    return std::unexpected(openai_chat::Named(std::move(status).error()));
  }
  return request;
}

Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  if (!own) {
    SB_CHECK_OK(CheckInputs(request));
    wire::NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("text");
  wire::RenderTexts(request, own, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

Result<EmbeddingsResponse> ParseEmbeddingsAnswer(V body) {
  SB_TRY(const Value result, ResultIn(body));
  const auto data = result.Find("data");
  if (!data || !data->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "data: a list was expected");
  }
  EmbeddingsResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(wire::ReadObject(result, kAnswerFields, response, response.extra,
                               wire::Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response) {
  const bool own = response.dialect == kDialect;
  std::string result;
  json::Writer out(result);
  out.BeginObject();
  RenderShape(response, out);
  out.Key("data");
  wire::RenderVectors(response, out);
  if (response.usage) {
    out.Key("usage");
    openai_chat::RenderUsage(*response.usage, own, out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return Enveloped(result);
}

}  // namespace signalbox::workers_ai
