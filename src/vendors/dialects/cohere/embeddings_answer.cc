#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/embeddings.h"
#include "vendors/dialects/cohere/usage.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Embedding;
using chat::EmbeddingsResponse;
using core::Status;
using json::Value;
using V = const Value&;

// Which of an answer's types others understand: the lower, the better.
int RankOf(std::string_view type) {
  return type == "float" ? 0 : type == "base64" ? 1 : 2;
}

// The vectors of one type, to those of the inputs that they are for.
void TakeVectors(std::string_view type, V vectors, bool best, EmbeddingsResponse& out) {
  std::size_t index = 0;
  json::ForEachElement(vectors, [&](V vector) {
    if (index == out.data.size()) {
      out.data.emplace_back().index = static_cast<std::int64_t>(index);
    }
    Embedding& embedding = out.data[index++];
    if (best) {
      embedding.vector = std::string(vector.Raw());
    }
    if (!best || RankOf(type) == 2) {
      embedding.extra.push_back({std::string(type), std::string(vector.Raw())});
    }
  });
}

Status ReadVectors(V value, EmbeddingsResponse& out) {
  if (value.IsArray()) {  // of one type: what API v1 answers, and Bedrock
    TakeVectors("float", value, true, out);
    return {};
  }
  if (!value.IsObject()) {
    return wire::Expected("embeddings");
  }
  std::string best;
  json::ForEachMember(value, [&](V key, V vectors) {
    std::string type = *key.AsString();
    if (vectors.IsArray() && (best.empty() || RankOf(type) < RankOf(best))) {
      best = std::move(type);
    }
  });
  json::ForEachMember(value, [&](V key, V vectors) {
    if (vectors.IsArray()) {
      const std::string type = *key.AsString();
      TakeVectors(type, vectors, type == best, out);
    }
  });
  return {};
}

using R = EmbeddingsResponse;
constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& out) { return wire::ReadText(v, out.model); }},
    {"embeddings", ReadVectors, wire::OnFailure::kDrop},
    {"meta",
     [](V v, R& out) -> Status {
       if (!v.IsObject()) {
         return wire::Expected("an object");
       }
       out.usage = ParseMeta(v);
       return {};
     }},
};

// Whether the canonical vector is one of the extra's types too, which nobody else has.
bool IsForeignType(const Embedding& embedding) {
  for (const chat::Member& member : embedding.extra) {
    if (member.value == embedding.vector) {
      return true;
    }
  }
  return false;
}

bool HasType(const Embedding& embedding, std::string_view type, bool own) {
  if (own && wire::FindMember(embedding.extra, type) != nullptr) {
    return true;
  }
  return type == (embedding.vector.starts_with('"') ? "base64" : "float") &&
         !(own && IsForeignType(embedding));
}

std::string_view VectorOf(const Embedding& embedding, std::string_view type, bool own) {
  const chat::Member* other = own ? wire::FindMember(embedding.extra, type) : nullptr;
  return other != nullptr ? other->value : embedding.vector;
}

void RenderVectors(const EmbeddingsResponse& response, bool own, json::Writer& out) {
  constexpr std::string_view kTypes[] = {"float", "base64", "int8", "uint8", "binary", "ubinary"};
  out.Key("embeddings").BeginObject();
  for (const std::string_view type : kTypes) {
    if (response.data.empty() || !HasType(response.data.front(), type, own)) {
      continue;
    }
    out.Key(type).BeginArray();
    for (const Embedding& embedding : response.data) {
      out.Raw(VectorOf(embedding, type, own));
    }
    out.EndArray();
  }
  out.EndObject();
}

}  // namespace

core::Result<EmbeddingsResponse> ParseEmbeddingsAnswer(V body) {
  const auto vectors = body.Find("embeddings");
  if (!vectors || !(vectors->IsObject() || vectors->IsArray())) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "embeddings: an object was expected");
  }
  EmbeddingsResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderEmbeddingsAnswer(const EmbeddingsResponse& response) {
  const bool own = response.dialect == kDialect;
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (!own) {
    out.Key("id").String("");
    out.Key("response_type").String("embeddings_by_type");
  }
  wire::RenderText("model", own ? std::string_view(response.model) : std::string_view(), out);
  RenderVectors(response, own, out);
  if (response.usage) {
    out.Key("meta");
    RenderMeta(*response.usage, own, out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::cohere
