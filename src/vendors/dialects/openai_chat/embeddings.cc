#include <utility>

#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/openai_chat/names.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/usage_form.h"
#include "vendors/dialects/openai_chat/vectors.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Embedding;
using chat::EmbeddingInput;
using chat::EmbeddingsRequest;
using chat::EmbeddingsResponse;
using core::Status;
using json::Value;

// A text, a list of texts, a list of tokens, or a list of lists of tokens.
Status ReadInput(const Value& value, EmbeddingsRequest& out) {
  if (value.IsString()) {
    return wire::ReadText(value, out.inputs.emplace_back().text);
  }
  const auto first = value.FirstChild();
  if (!value.IsArray() || !first) {
    return wire::Expected("a text or a list that is not empty");
  }
  if (first->IsNumber()) {
    return wire::ReadTokenIds(value, out.inputs.emplace_back().tokens);
  }
  out.listed = true;
  return wire::ReadList(value, [&](const Value& element) {
    EmbeddingInput& input = out.inputs.emplace_back();
    return element.IsArray() ? wire::ReadTokenIds(element, input.tokens)
                             : wire::ReadText(element, input.text);
  });
}

// Mistral's word for the dimensions; beside "dimensions" it stays as it is.
Status ReadOutputDimension(const Value& value, EmbeddingsRequest& out) {
  return out.dimensions ? wire::Expected("one number of dimensions")
                        : wire::ReadInt(value, out.dimensions);
}

using R = EmbeddingsRequest;
using V = const Value&;
constexpr wire::Field<R> kRequestFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"input", ReadInput},
    {"dimensions", [](V v, R& r) { return wire::ReadInt(v, r.dimensions); }},
    {"output_dimension", ReadOutputDimension, wire::OnFailure::kKeep},
    {"encoding_format", [](V v, R& r) { return wire::ReadText(v, r.encoding_format); }},
    {"user", [](V v, R& r) { return wire::ReadText(v, r.user); }},
};

Status ReadVectorIndex(const Value& value, Embedding& out) {
  out.index = value.AsInt().value_or(-1);
  return out.index >= 0 ? Status{} : wire::Expected("an index");
}

Status Known(const Value&, Embedding&) {
  return {};
}

constexpr wire::Field<Embedding> kVectorFields[] = {
    {"object", Known},
    {"index", ReadVectorIndex, wire::OnFailure::kDrop},
    {"embedding", [](V v, Embedding& out) { return wire::ReadRaw(v, out.vector); }},
};

Status ReadData(const Value& value, EmbeddingsResponse& out) {
  std::vector<Embedding> data;
  SB_CHECK_OK(wire::ReadList(value, [&](const Value& element) {
    Embedding& embedding = data.emplace_back();
    embedding.index = static_cast<std::int64_t>(data.size()) - 1;
    return wire::ReadObject(element, kVectorFields, embedding, embedding.extra,
                            wire::Strictness::kLenient);
  }));
  out.data = std::move(data);
  return {};
}

Status ReadReport(const Value& value, EmbeddingsResponse& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = ParseUsage(value);
  return {};
}

constexpr wire::Field<EmbeddingsResponse> kAnswerFields[] = {
    {"object", [](V, EmbeddingsResponse&) { return Status{}; }},
    {"model", [](V v, EmbeddingsResponse& out) { return wire::ReadText(v, out.model); },
     wire::OnFailure::kDrop},
    {"data", ReadData, wire::OnFailure::kDrop},
    {"usage", ReadReport},
};

bool IsOwn(std::string_view dialect) {
  return dialect.empty() || dialect == kDialect;
}

void NameDropped(const EmbeddingsRequest& request, std::vector<std::string>& dropped) {
  if (!request.purpose.empty()) {
    dropped.emplace_back("purpose");
  }
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
}

void RenderInput(const EmbeddingInput& input, json::Writer& out) {
  if (input.tokens.empty()) {
    out.String(input.text);
    return;
  }
  out.BeginArray();
  for (const std::int64_t token : input.tokens) {
    out.Int(token);
  }
  out.EndArray();
}

void RenderEmbedding(const Embedding& embedding, std::string_view encoding, bool own,
                     json::Writer& out) {
  out.BeginObject().Key("object").String("embedding").Key("index").Int(embedding.index);
  wire::RenderRaw("embedding", InEncoding(embedding.vector, encoding), out);
  wire::RenderExtra(embedding.extra, own, out);
  out.EndObject();
}

}  // namespace

core::Result<EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) {
  EmbeddingsRequest request;
  auto status = wire::ReadObject(body, kRequestFields, request, request.extra);
  if (status && request.inputs.empty()) {
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

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  const bool own = IsOwn(request.dialect);
  if (request.inputs.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "input: OpenAI Embeddings cannot carry what is no text", "input");
  }
  wire::RenderedRequest rendered;
  json::Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("input");
  if (request.inputs.size() == 1 && !request.listed) {
    RenderInput(request.inputs.front(), out);
  } else {
    out.BeginArray();
    for (const EmbeddingInput& input : request.inputs) {
      RenderInput(input, out);
    }
    out.EndArray();
  }
  wire::RenderInt("dimensions", request.dimensions, out);
  wire::RenderText("encoding_format", request.encoding_format, out);
  wire::RenderText("user", request.user, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  if (!own) {
    NameDropped(request, rendered.dropped);
  }
  return rendered;
}

core::Result<EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) {
  const auto data = body.Find("data");
  if (!data || !data->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "data: a list was expected");
  }
  EmbeddingsResponse response;
  SB_CHECK_OK(
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response) {
  const bool own = IsOwn(response.dialect);
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("object").String("list").Key("data").BeginArray();
  for (const Embedding& embedding : response.data) {
    RenderEmbedding(embedding, response.encoding_format, own, out);
  }
  out.EndArray().Key("model").String(response.model);
  if (response.usage) {
    out.Key("usage");
    RenderUsage(*response.usage, own, out);
  } else if (!own) {
    out.Key("usage").BeginObject().Key("prompt_tokens").Int(0).Key("total_tokens").Int(0);
    out.EndObject();
  }
  if (!own) {  // Mistral's clients want one
    out.Key("id").String(MadeId("embd-", response.model));
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::openai_chat
