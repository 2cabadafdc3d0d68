#include <utility>

#include "vendors/dialects/openai_chat/fields.h"
#include "vendors/dialects/openai_chat/parse_answer.h"
#include "vendors/dialects/openai_chat/parse_request.h"
#include "vendors/dialects/openai_chat/render_answer.h"
#include "vendors/dialects/openai_chat/render_fields.h"
#include "vendors/dialects/openai_chat/render_request.h"
#include "vendors/dialects/openai_chat/usage_form.h"

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
    return ReadText(value, out.inputs.emplace_back().text);
  }
  const auto first = value.FirstChild();
  if (!value.IsArray() || !first) {
    return Expected("a text or a list that is not empty");
  }
  if (first->IsNumber()) {
    return ReadTokenIds(value, out.inputs.emplace_back().tokens);
  }
  out.listed = true;
  return ReadList(value, [&](const Value& element) {
    EmbeddingInput& input = out.inputs.emplace_back();
    return element.IsArray() ? ReadTokenIds(element, input.tokens) : ReadText(element, input.text);
  });
}

using R = EmbeddingsRequest;
using V = const Value&;
constexpr Field<R> kRequestFields[] = {
    {"model", [](V v, R& r) { return ReadText(v, r.model); }},
    {"input", ReadInput},
    {"dimensions", [](V v, R& r) { return ReadInt(v, r.dimensions); }},
    {"encoding_format", [](V v, R& r) { return ReadText(v, r.encoding_format); }},
    {"user", [](V v, R& r) { return ReadText(v, r.user); }},
};

Status ReadVectorIndex(const Value& value, Embedding& out) {
  out.index = value.AsInt().value_or(-1);
  return out.index >= 0 ? Status{} : Expected("an index");
}

Status Known(const Value&, Embedding&) {
  return {};
}

constexpr Field<Embedding> kVectorFields[] = {
    {"object", Known},
    {"index", ReadVectorIndex, OnFailure::kDrop},
    {"embedding", [](V v, Embedding& out) { return ReadRaw(v, out.vector); }},
};

Status ReadData(const Value& value, EmbeddingsResponse& out) {
  std::vector<Embedding> data;
  SB_CHECK_OK(ReadList(value, [&](const Value& element) {
    Embedding& embedding = data.emplace_back();
    embedding.index = static_cast<std::int64_t>(data.size()) - 1;
    return ReadObject(element, kVectorFields, embedding, embedding.extra, Strictness::kLenient);
  }));
  out.data = std::move(data);
  return {};
}

Status ReadReport(const Value& value, EmbeddingsResponse& out) {
  if (!value.IsObject()) {
    return Expected("an object");
  }
  out.usage = ParseUsage(value);
  return {};
}

constexpr Field<EmbeddingsResponse> kAnswerFields[] = {
    {"object", [](V, EmbeddingsResponse&) { return Status{}; }},
    {"model", [](V v, EmbeddingsResponse& out) { return ReadText(v, out.model); },
     OnFailure::kDrop},
    {"data", ReadData, OnFailure::kDrop},
    {"usage", ReadReport},
};

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

void RenderEmbedding(const Embedding& embedding, bool own, json::Writer& out) {
  out.BeginObject().Key("object").String("embedding").Key("index").Int(embedding.index);
  RenderRaw("embedding", embedding.vector, out);
  RenderExtra(embedding.extra, own, out);
  out.EndObject();
}

}  // namespace

core::Result<EmbeddingsRequest> ParseEmbeddingsRequest(const Value& body) {
  EmbeddingsRequest request;
  auto status = ReadObject(body, kRequestFields, request, request.extra);
  if (status && request.inputs.empty()) {
    status = std::unexpected(UnderMember("input", Expected("a text or a list").error()));
  }
  if (!status) {
    core::Error error = std::move(status).error();
    error.message = error.param.empty() ? error.message : error.param + ": " + error.message;
    return std::unexpected(std::move(error));
  }
  return request;
}

std::string RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  RenderText("model", request.model, out);
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
  RenderInt("dimensions", request.dimensions, out);
  RenderText("encoding_format", request.encoding_format, out);
  RenderText("user", request.user, out);
  RenderExtra(request.extra, true, out);
  out.EndObject();
  return body;
}

core::Result<EmbeddingsResponse> ParseEmbeddingsAnswer(const Value& body) {
  const auto data = body.Find("data");
  if (!data || !data->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "data: a list was expected");
  }
  EmbeddingsResponse response;
  SB_CHECK_OK(ReadObject(body, kAnswerFields, response, response.extra, Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response, bool own) {
  std::string body;
  json::Writer out(body);
  out.BeginObject().Key("object").String("list").Key("data").BeginArray();
  for (const Embedding& embedding : response.data) {
    RenderEmbedding(embedding, own, out);
  }
  out.EndArray().Key("model").String(response.model);
  if (response.usage) {
    out.Key("usage");
    RenderUsage(*response.usage, own, out);
  }
  RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::openai_chat
