#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/openai_chat/usage_form.h"
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

Status ReadInput(V value, EmbeddingsRequest& out) {
  if (!value.IsArray()) {
    return wire::ReadText(value, out.inputs.emplace_back().text);
  }
  out.listed = true;
  return wire::ReadList(
      value, [&](V text) { return wire::ReadText(text, out.inputs.emplace_back().text); });
}

constexpr wire::Field<EmbeddingsRequest> kRequestFields[] = {
    {"model", [](V v, EmbeddingsRequest& out) { return wire::ReadText(v, out.model); }},
    {"text", ReadInput},
};

Status ReadVectors(V value, EmbeddingsResponse& out) {
  return wire::ReadList(value, [&](V vector) -> Status {
    if (!vector.IsArray()) {
      return wire::Expected("a vector");
    }
    chat::Embedding& embedding = out.data.emplace_back();
    embedding.index = static_cast<std::int64_t>(out.data.size()) - 1;
    embedding.vector = std::string(vector.Raw());
    return {};
  });
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
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      std::string path = fmt::format("input[{}]", i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        path + ": Workers AI cannot carry tokens, send the text", path);
    }
  }
  if (request.inputs.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "input: Workers AI takes texts", "input");
  }
  return request.dimensions
             ? core::Fail(core::ErrorCode::kInvalidRequest,
                          "dimensions: Workers AI's vectors have the size of the model",
                          "dimensions")
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
    NoteDropped(request, rendered.dropped);
  }
  json::Writer out(rendered.body);
  out.BeginObject().Key("text");
  if (own && request.inputs.size() == 1 && !request.listed) {
    out.String(request.inputs.front().text);
  } else {
    out.BeginArray();
    for (const chat::EmbeddingInput& input : request.inputs) {
      out.String(input.text);
    }
    out.EndArray();
  }
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
  std::vector<const chat::Embedding*> vectors;
  for (const chat::Embedding& embedding : response.data) {
    vectors.push_back(&embedding);
  }
  std::ranges::sort(vectors, {}, &chat::Embedding::index);
  std::string result;
  json::Writer out(result);
  out.BeginObject();
  RenderShape(response, out);
  out.Key("data").BeginArray();
  for (const chat::Embedding* embedding : vectors) {
    out.Raw(embedding->vector);
  }
  out.EndArray();
  if (response.usage) {
    out.Key("usage");
    openai_chat::RenderUsage(*response.usage, own, out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return Enveloped(result);
}

}  // namespace signalbox::workers_ai
