// Embeddings, in and out.
#include <algorithm>

#include "vendors/dialects/bedrock/dialect.h"
#include "vendors/dialects/bedrock/embeddings.h"
#include "vendors/dialects/bedrock/names.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using core::ErrorCode;
using core::Fail;
using core::Status;
using json::Value;
using A = chat::EmbeddingsResponse;

void AddVector(const Value& vector, A& out) {
  chat::Embedding& embedding = out.data.emplace_back();
  embedding.index = static_cast<std::int64_t>(out.data.size()) - 1;
  embedding.vector = std::string(vector.Raw());
}

Status ReadVector(const Value& value, A& out) {
  if (!value.IsArray()) {
    return wire::Expected("a list");
  }
  AddVector(value, out);
  return {};
}

// [[…],…] or {"float":[[…],…],…}: the other types stay as they are, with a dotted key.
Status ReadVectors(const Value& value, A& out) {
  if (value.IsArray()) {
    json::ForEachElement(value, [&](const Value& vector) { AddVector(vector, out); });
    return {};
  }
  const auto floats = value.Find("float");
  if (!floats || !floats->IsArray()) {
    return wire::Expected("floats");
  }
  json::ForEachElement(*floats, [&](const Value& vector) { AddVector(vector, out); });
  json::ForEachMember(value, [&](const Value& key, const Value& vectors) {
    if (vectors.offset() != floats->offset()) {
      out.extra.push_back({"embeddings." + *key.AsString(), std::string(vectors.Raw())});
    }
  });
  return {};
}

Status ReadTokens(const Value& value, A& out) {
  const auto tokens = value.AsInt();
  if (!tokens) {
    return wire::Expected("a count");
  }
  out.usage.emplace().tokens.input = *tokens;
  return {};
}

constexpr wire::Field<A> kAnswerFields[] = {
    {"embedding", ReadVector},
    {"embeddings", ReadVectors},
    {"inputTextTokenCount", ReadTokens},
};

bool IsTyped(const A& response) {
  const chat::Member* type = wire::FindMember(response.extra, "response_type");
  return type != nullptr && type->value == R"("embeddings_by_type")";
}

void RenderVectors(const A& response, bool own, json::Writer& out) {
  constexpr std::string_view kTyped = "embeddings.";
  const bool typed = own && IsTyped(response);
  out.Key("embeddings");
  if (typed) {
    out.BeginObject().Key("float");
  }
  out.BeginArray();
  for (const chat::Embedding& embedding : response.data) {
    out.Raw(embedding.vector);
  }
  out.EndArray();
  if (typed) {
    for (const chat::Member& member : response.extra) {
      if (member.key.starts_with(kTyped)) {
        out.Key(std::string_view(member.key).substr(kTyped.size())).Raw(member.value);
      }
    }
    out.EndObject();
  }
}

// Which forms an answer goes out in: its own, or its model's, or both where neither is known.
struct Forms {
  bool titan = false;
  bool cohere = false;
};

Forms FormsOf(const A& response, bool own) {
  const bool one = response.data.size() == 1;
  if (own) {
    const bool cohere = !one || wire::FindMember(response.extra, "response_type") != nullptr;
    return {!cohere, cohere};
  }
  const Family family = FamilyOf(response.model);
  return {one && family != Family::kCohereEmbed, !one || family != Family::kTitanEmbed};
}

}  // namespace

core::Result<A> ParseEmbeddingsAnswer(const Value& body) {
  A response;
  response.dialect = kDialect;
  const auto read =
      wire::ReadObject(body, kAnswerFields, response, response.extra, wire::Strictness::kLenient);
  if (!read || response.data.empty()) {
    return Fail(ErrorCode::kUpstreamProtocol, "embedding: a list of numbers was expected");
  }
  return response;
}

std::string RenderEmbeddingsAnswer(const A& response) {
  const bool own = response.dialect == kDialect;
  const Forms forms = FormsOf(response, own);
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (forms.titan) {
    out.Key("embedding").Raw(response.data.front().vector);
    if (response.usage || !own) {
      const std::int64_t tokens = response.usage ? response.usage->tokens.input : 0;
      out.Key("inputTextTokenCount").Int(std::max<std::int64_t>(tokens, 0));
    }
  }
  if (forms.cohere) {
    RenderVectors(response, own, out);
    if (!own) {
      out.Key("response_type").String("embeddings_floats");
    }
  }
  for (const chat::Member& member : response.extra) {
    if (own && !member.key.starts_with("embeddings.")) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
  return body;
}

}  // namespace signalbox::bedrock
