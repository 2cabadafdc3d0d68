#include "vendors/dialects/bedrock/embeddings.h"

#include <utility>

#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::EmbeddingsRequest;
using core::ErrorCode;
using core::Fail;
using core::Status;
using json::Value;
using V = const Value&;
using R = EmbeddingsRequest;

Status ReadTexts(const Value& value, R& out) {
  out.listed = true;
  return wire::ReadList(value, [&](const Value& element) {
    return wire::ReadText(element, out.inputs.emplace_back().text);
  });
}

constexpr wire::Field<R> kFields[] = {
    // Titan
    {"inputText", [](V v, R& r) { return wire::ReadText(v, r.inputs.emplace_back().text); }},
    {"dimensions", [](V v, R& r) { return wire::ReadInt(v, r.dimensions); }},
    // Cohere
    {"texts", ReadTexts},
    {"input_type", [](V v, R& r) { return wire::ReadText(v, r.purpose); }},
    {"output_dimension", [](V v, R& r) { return wire::ReadInt(v, r.dimensions); }},
};

// What a text is embedded for, in Cohere's words, which want one.
std::string_view PurposeOf(const std::string& purpose) {
  constexpr std::pair<std::string_view, std::string_view> kPurposes[] = {
      {"RETRIEVAL_QUERY", "search_query"},
      {"search_query", "search_query"},
      {"CLASSIFICATION", "classification"},
      {"classification", "classification"},
      {"CLUSTERING", "clustering"},
      {"clustering", "clustering"},
      {"QUESTION_ANSWERING", "search_query"},
      {"image", "image"},
      {"CODE_RETRIEVAL_QUERY", "search_query"}};
  for (const auto& [theirs, ours] : kPurposes) {
    if (theirs == purpose) {
      return ours;
    }
  }
  return "search_document";
}

Status CheckInputs(const R& request, bool titan) {
  for (std::size_t i = 0; i < request.inputs.size(); ++i) {
    if (!request.inputs[i].tokens.empty()) {
      return Fail(ErrorCode::kInvalidRequest, "input: Bedrock embeds texts, not tokens", "input");
    }
  }
  if (titan && request.inputs.size() > 1) {
    return Fail(ErrorCode::kInvalidRequest,
                "input: Amazon Titan embeds one text a request; send them one by one", "input");
  }
  return {};
}

void RenderTitan(const R& request, bool own, json::Writer& out) {
  out.BeginObject();
  if (!request.inputs.empty()) {
    out.Key("inputText").String(request.inputs.front().text);
  }
  if (request.dimensions && request.model.find("titan-embed-image") != std::string::npos) {
    out.Key("embeddingConfig").BeginObject();
    out.Key("outputEmbeddingLength").Int(*request.dimensions).EndObject();
  } else {
    wire::RenderInt("dimensions", request.dimensions, out);
  }
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
}

void RenderCohere(const R& request, bool own, json::Writer& out) {
  out.BeginObject();
  if (!request.inputs.empty() || !own) {
    out.Key("texts").BeginArray();
    for (const chat::EmbeddingInput& input : request.inputs) {
      out.String(input.text);
    }
    out.EndArray();
  }
  wire::RenderText("input_type",
                   own ? std::string_view(request.purpose) : PurposeOf(request.purpose), out);
  wire::RenderInt("output_dimension", request.dimensions, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
}

void NameDropped(const R& request, std::vector<std::string>& dropped) {
  for (const chat::Member& member : request.extra) {
    dropped.push_back(member.key);
  }
  if (!request.user.empty()) {
    dropped.emplace_back("user");
  }
  if (!request.encoding_format.empty() && request.encoding_format != "float") {
    dropped.emplace_back("encoding_format");
  }
}

}  // namespace

core::Result<R> ParseEmbeddingsRequest(const Value& body) {
  R request;
  request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, kFields, request, request.extra); !status) {
    core::Error error = std::move(status).error();
    error.message = error.param.empty() ? error.message : error.param + ": " + error.message;
    return std::unexpected(std::move(error));
  }
  return request;
}

core::Result<wire::RenderedRequest> RenderEmbeddingsRequest(const R& request) {
  const bool own = request.dialect == kDialect;
  const Family family = FamilyOf(request.model);
  const bool titan = own ? !request.listed : family == Family::kTitanEmbed;
  if (!titan && !own && family != Family::kCohereEmbed) {
    return Fail(ErrorCode::kInvalidRequest,
                "model: of Bedrock's models, those of Amazon Titan and Cohere give embeddings here",
                "model");
  }
  SB_CHECK_OK(CheckInputs(request, titan));
  wire::RenderedRequest rendered;
  json::Writer out(rendered.body);
  titan ? RenderTitan(request, own, out) : RenderCohere(request, own, out);
  if (!own) {
    NameDropped(request, rendered.dropped);
  }
  return rendered;
}

}  // namespace signalbox::bedrock
