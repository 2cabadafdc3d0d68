#include <charconv>
#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/rerank.h"
#include "vendors/dialects/cohere/usage.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Ranked;
using chat::RerankResponse;
using core::Status;
using json::Value;
using V = const Value&;

// A number, or one in quotes (Vertex's ids, where they are the places).
Status ReadIndex(V value, Ranked& out) {
  if (const auto index = value.AsInt()) {
    out.index = *index;
    return {};
  }
  const std::string text = value.AsString().value_or("");
  const char* const end = text.data() + text.size();
  const bool number = std::from_chars(text.data(), end, out.index).ptr == end && !text.empty();
  return number ? Status{} : wire::Expected("a place");
}

Status ReadScore(V value, Ranked& out) {
  if (!value.IsNumber()) {
    return wire::Expected("a number");
  }
  out.score.written = std::string(value.Raw());
  return {};
}

constexpr wire::Field<Ranked> kRankedFields[] = {
    {"index", ReadIndex, wire::OnFailure::kDrop},
    {"relevance_score", ReadScore, wire::OnFailure::kDrop},
    {"document", [](V v, Ranked& out) { return wire::ReadRaw(v, out.document); }},
    {"relevanceScore", ReadScore},  // Bedrock
    {"score", ReadScore},           // Vertex
    {"id", ReadIndex},
};

Status ReadResults(V value, RerankResponse& out) {
  return wire::ReadList(value, [&](V element) {
    Ranked& ranked = out.results.emplace_back();
    ranked.score.written = "0";
    return wire::ReadObject(element, kRankedFields, ranked, ranked.extra,
                            wire::Strictness::kLenient);
  });
}

// Jina's and Voyage's usage counts tokens alone, and stays in the extra as well.
Status ReadUsage(V value, RerankResponse& out) {
  const auto total = value.Find("total_tokens");
  if (total && total->AsInt() && !out.usage) {
    out.usage.emplace();
    out.usage->tokens.input = std::max<std::int64_t>(*total->AsInt(), -1);
    out.usage->total = out.usage->tokens.input;
  }
  return wire::Expected("it to be kept");
}

Status ReadMeta(V value, RerankResponse& out) {
  if (!value.IsObject()) {
    return wire::Expected("an object");
  }
  out.usage = ParseMeta(value);
  return {};
}

using R = RerankResponse;
constexpr wire::Field<R> kFields[] = {
    {"id", [](V v, R& out) { return wire::ReadText(v, out.id); }},
    {"model", [](V v, R& out) { return wire::ReadText(v, out.model); }},
    {"results", ReadResults, wire::OnFailure::kDrop},
    {"data", ReadResults, wire::OnFailure::kDrop},     // Voyage
    {"records", ReadResults, wire::OnFailure::kDrop},  // Vertex
    {"meta", ReadMeta},
    {"usage", ReadUsage},
};

void RenderRanked(const Ranked& ranked, bool own, json::Writer& out) {
  out.BeginObject().Key("index").Int(ranked.index).Key("relevance_score").Raw(ranked.score.written);
  wire::RenderRaw("document", ranked.document, out);
  wire::RenderExtra(ranked.extra, own, out);
  out.EndObject();
}

bool IsList(V body, std::string_view key) {
  const auto member = body.Find(key);
  return member && member->IsArray();
}

}  // namespace

core::Result<RerankResponse> ParseRerankAnswer(V body) {
  if (!IsList(body, "results") && !IsList(body, "data") && !IsList(body, "records")) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "results: a list was expected");
  }
  RerankResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(
      wire::ReadObject(body, kFields, response, response.extra, wire::Strictness::kLenient));
  return response;
}

std::string RenderRerankAnswer(const RerankResponse& response) {
  const bool own = response.dialect == kDialect;
  std::string body;
  json::Writer out(body);
  out.BeginObject();
  if (!own || !response.id.empty()) {
    out.Key("id").String(response.id);
  }
  wire::RenderText("model", own ? std::string_view(response.model) : std::string_view(), out);
  out.Key("results").BeginArray();
  for (const Ranked& ranked : response.results) {
    RenderRanked(ranked, own, out);
  }
  out.EndArray();
  const bool told = wire::FindMember(response.extra, "usage") != nullptr;
  if (response.usage && !(own && told && response.usage->extra.empty())) {
    out.Key("meta");
    RenderMeta(*response.usage, own, out);
  }
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return body;
}

}  // namespace signalbox::cohere
