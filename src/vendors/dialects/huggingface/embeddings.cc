#include "vendors/dialects/huggingface/embeddings.h"

#include <utility>

#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/errors.h"
#include "vendors/dialects/wire/embeddings.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::huggingface {
namespace {

using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

constexpr std::string_view kAlone = "huggingface.alone";  // one vector, not in a list

constexpr wire::Field<EmbeddingsRequest> kFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"inputs", wire::ReadTexts},
    {"dimensions", [](V v, EmbeddingsRequest& out) { return wire::ReadInt(v, out.dimensions); }},
};

Status AddVector(V vector, EmbeddingsResponse& out) {
  return wire::AddVector(vector, out) ? Status{}
                                      : core::Fail(core::ErrorCode::kUpstreamProtocol,
                                                   "a vector for each text was expected");
}

}  // namespace

Result<EmbeddingsRequest> ParseEmbeddingsRequest(V body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, request, request.extra);
  if (status && request.inputs.empty()) {
    status =
        std::unexpected(wire::UnderMember("inputs", wire::Expected("a text or a list").error()));
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
    SB_CHECK_OK(wire::CheckTexts(request, kTitle));
    wire::NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("inputs");
  wire::RenderTexts(request, own, out);
  wire::RenderInt("dimensions", request.dimensions, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

Result<EmbeddingsResponse> ParseEmbeddingsAnswer(V body) {
  if (body.IsObject() && body.Find("error")) {
    return core::Fail(core::ErrorCode::kUpstreamFailed, ParseErrorValue(body).message);
  }
  if (!body.IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a list of vectors was expected");
  }
  EmbeddingsResponse response;
  response.dialect = kDialect;
  const auto first = body.FirstChild();
  if (first && first->IsNumber()) {
    SB_CHECK_OK(AddVector(body, response));
    response.extra.push_back({std::string(kAlone), "true"});
    return response;
  }
  SB_CHECK_OK(wire::ReadList(body, [&](V vector) { return AddVector(vector, response); }));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response) {
  if (response.dialect == kDialect && !response.extra.empty() && response.data.size() == 1) {
    return response.data.front().vector;
  }
  std::string text;
  json::Writer out(text);
  wire::RenderVectors(response, out);
  return text;
}

}  // namespace signalbox::huggingface
