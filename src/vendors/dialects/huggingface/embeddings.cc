#include "vendors/dialects/huggingface/embeddings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/huggingface/errors.h"
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

Status ReadInputs(V value, EmbeddingsRequest& out) {
  if (!value.IsArray()) {
    return wire::ReadText(value, out.inputs.emplace_back().text);
  }
  out.listed = true;
  return wire::ReadList(
      value, [&](V text) { return wire::ReadText(text, out.inputs.emplace_back().text); });
}

constexpr wire::Field<EmbeddingsRequest> kFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"inputs", ReadInputs},
    {"dimensions", [](V v, EmbeddingsRequest& out) { return wire::ReadInt(v, out.dimensions); }},
};

Status CheckInputs(const EmbeddingsRequest& request) {
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      std::string path = fmt::format("input[{}]", i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        fmt::format("{}: {} cannot carry tokens, send the text", path, kTitle),
                        path);
    }
  }
  return request.inputs.empty() ? core::Fail(core::ErrorCode::kInvalidRequest,
                                             fmt::format("input: {} takes texts", kTitle), "input")
                                : Status{};
}

void NoteDropped(const EmbeddingsRequest& request, std::vector<std::string>& dropped) {
  const auto note = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) {
      dropped.emplace_back(key);
    }
  };
  note("encoding_format", request.encoding_format == "float" ? "" : request.encoding_format);
  note("input_type", request.purpose);
  note("user", request.user);
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

Status AddVector(V vector, EmbeddingsResponse& out) {
  const auto first = vector.IsArray() ? vector.FirstChild() : std::nullopt;
  if (!vector.IsArray() || (first && !first->IsNumber())) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "a vector for each text was expected");
  }
  chat::Embedding& embedding = out.data.emplace_back();
  embedding.index = static_cast<std::int64_t>(out.data.size()) - 1;
  embedding.vector = std::string(vector.Raw());
  return {};
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
    SB_CHECK_OK(CheckInputs(request));
    NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("inputs");
  if (own && request.inputs.size() == 1 && !request.listed) {
    out.String(request.inputs.front().text);
  } else {
    out.BeginArray();
    for (const chat::EmbeddingInput& input : request.inputs) {
      out.String(input.text);
    }
    out.EndArray();
  }
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
  std::vector<const chat::Embedding*> vectors;
  for (const chat::Embedding& embedding : response.data) {
    vectors.push_back(&embedding);
  }
  std::ranges::sort(vectors, {}, &chat::Embedding::index);
  std::string text;
  json::Writer out(text);
  out.BeginArray();
  for (const chat::Embedding* embedding : vectors) {
    out.Raw(embedding->vector);
  }
  out.EndArray();
  return text;
}

}  // namespace signalbox::huggingface
