#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/embeddings.h"
#include "vendors/dialects/cohere/parse_request.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::EmbeddingsRequest;
using core::Status;
using json::Value;
using V = const Value&;

Status ReadTexts(V value, EmbeddingsRequest& out) {
  out.listed = true;
  return wire::ReadList(
      value, [&](V element) { return wire::ReadText(element, out.inputs.emplace_back().text); });
}

// The texts of an input {"content":[{"type":"text","text":…}, …]}; nullopt: there is more in it.
std::optional<std::string> TextOfInput(V input) {
  const auto content = input.Find("content");
  if (!content || !content->IsArray()) {
    return std::nullopt;
  }
  std::string text;
  bool only_text = true;
  json::ForEachElement(*content, [&](V part) {
    const auto words = part.Find("text");
    only_text &= words && words->IsString();
    text += only_text ? *words->AsString() : "";
  });
  return only_text ? std::optional(std::move(text)) : std::nullopt;
}

// As texts where they are nothing else; as they are in any case.
Status ReadInputs(V value, EmbeddingsRequest& out) {
  std::vector<chat::EmbeddingInput> inputs;
  bool only_text = true;
  SB_CHECK_OK(wire::ReadList(value, [&](V input) -> Status {
    auto text = TextOfInput(input);
    only_text &= text.has_value();
    inputs.push_back({std::move(text).value_or(""), {}});
    return {};
  }));
  if (only_text && out.inputs.empty()) {
    out.inputs = std::move(inputs);
  }
  out.listed = true;
  out.extra.push_back({"inputs", std::string(value.Raw())});
  return {};
}

// All of them stay in the extra; the one that others have too is the encoding.
Status ReadTypes(V value, EmbeddingsRequest& out) {
  std::vector<std::string> types;
  SB_CHECK_OK(wire::ReadTextList(value, types));
  for (const std::string& type : types) {
    if (type == "float" || (type == "base64" && out.encoding_format.empty())) {
      out.encoding_format = type;
    }
  }
  out.extra.push_back({"embedding_types", std::string(value.Raw())});
  return {};
}

using R = EmbeddingsRequest;
constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"texts", ReadTexts},
    {"inputs", ReadInputs},
    {"input_type", [](V v, R& r) { return wire::ReadText(v, r.purpose); }},
    {"output_dimension", [](V v, R& r) { return wire::ReadInt(v, r.dimensions); }},
    {"embedding_types", ReadTypes},
};

void RenderTexts(const EmbeddingsRequest& request, json::Writer& out) {
  if (wire::FindMember(request.extra, "inputs") != nullptr && request.dialect == kDialect) {
    return;
  }
  if (request.inputs.empty()) {
    return;
  }
  out.Key("texts").BeginArray();
  for (const chat::EmbeddingInput& input : request.inputs) {
    out.String(input.text);
  }
  out.EndArray();
}

Status CheckTexts(const EmbeddingsRequest& request) {
  for (const chat::EmbeddingInput& input : request.inputs) {
    if (!input.tokens.empty()) {
      return core::Fail(core::ErrorCode::kInvalidRequest, "input: Cohere takes texts and no tokens",
                        "input");
    }
  }
  return request.inputs.empty()
             ? core::Fail(core::ErrorCode::kInvalidRequest, "input: a text was expected", "input")
             : Status{};
}

}  // namespace

core::Result<EmbeddingsRequest> ParseEmbeddingsRequest(V body) {
  EmbeddingsRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, request, request.extra);
  if (status && request.inputs.empty() && !body.Find("texts") && !body.Find("inputs") &&
      !body.Find("images")) {
    status = std::unexpected(wire::UnderMember("texts", wire::Expected("a list").error()));
  }
  if (!status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  return request;
}

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const EmbeddingsRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  json::Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  if (!own) {
    SB_CHECK_OK(CheckTexts(request));
    // Cohere's models from v3 on must be told what the vectors are for.
    out.Key("input_type").String(request.purpose.empty() ? "search_document" : request.purpose);
    out.Key("embedding_types").BeginArray();
    out.String(request.encoding_format.empty() ? "float" : request.encoding_format).EndArray();
    if (!request.user.empty()) {
      rendered.dropped.emplace_back("user");
    }
    for (const chat::Member& member : request.extra) {
      rendered.dropped.push_back(member.key);
    }
  } else {
    wire::RenderText("input_type", request.purpose, out);
  }
  RenderTexts(request, out);
  wire::RenderInt("output_dimension", request.dimensions, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::cohere
