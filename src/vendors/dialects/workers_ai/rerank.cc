#include <utility>

#include "vendors/dialects/openai_chat/parse_sampling.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"
#include "vendors/dialects/workers_ai/dialect.h"
#include "vendors/dialects/workers_ai/envelope.h"
#include "vendors/dialects/workers_ai/lists.h"

namespace signalbox::workers_ai {
namespace {

using chat::Ranked;
using chat::RerankRequest;
using chat::RerankResponse;
using core::Result;
using core::Status;
using json::Value;

using V = const Value&;

Status ReadContexts(V value, RerankRequest& out) {
  return wire::ReadList(value, [&](V element) -> Status {
    const auto text = element.Find("text");
    if (!text) {
      return std::unexpected(wire::UnderMember("text", wire::Expected("a text").error()));
    }
    out.raw_documents.emplace_back(element.Raw());
    return wire::ReadText(*text, out.documents.emplace_back());
  });
}

constexpr wire::Field<RerankRequest> kRequestFields[] = {
    {"model", [](V v, RerankRequest& out) { return wire::ReadText(v, out.model); }},
    {"query", [](V v, RerankRequest& out) { return wire::ReadText(v, out.query); }},
    {"contexts", ReadContexts},
    {"top_k", [](V v, RerankRequest& out) { return wire::ReadInt(v, out.top_n); }},
};

Status ReadPlace(V value, Ranked& out) {
  out.index = value.AsInt().value_or(-1);
  return out.index >= 0 ? Status{} : wire::Expected("a place");
}

Status ReadScore(V value, Ranked& out) {
  if (!value.IsNumber()) {
    return wire::Expected("a number");
  }
  out.score.written = std::string(value.Raw());
  return {};
}

constexpr wire::Field<Ranked> kRankedFields[] = {
    {"id", ReadPlace, wire::OnFailure::kDrop},
    {"score", ReadScore, wire::OnFailure::kDrop},
};

Status ReadRanking(V value, RerankResponse& out) {
  return wire::ReadList(value, [&](V element) {
    Ranked& ranked = out.results.emplace_back();
    ranked.score.written = "0";
    return wire::ReadObject(element, kRankedFields, ranked, ranked.extra,
                            wire::Strictness::kLenient);
  });
}

constexpr wire::Field<RerankResponse> kAnswerFields[] = {
    {"response", ReadRanking, wire::OnFailure::kDrop},
};

}  // namespace

Result<RerankRequest> ParseRerankRequest(V body) {
  RerankRequest request;
  request.dialect = kDialect;
  if (auto status = wire::ReadObject(body, kRequestFields, request, request.extra); !status) {
    return std::unexpected(openai_chat::Named(std::move(status).error()));
  }
  return request;
}

Result<wire::RenderedRequest> RenderRerankRequest(const RerankRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  json::Writer out(rendered.body);
  out.BeginObject().Key("query").String(request.query).Key("contexts").BeginArray();
  for (std::size_t i = 0; i < request.documents.size(); ++i) {
    if (own && i < request.raw_documents.size() && !request.raw_documents[i].empty()) {
      out.Raw(request.raw_documents[i]);
    } else {
      out.BeginObject().Key("text").String(request.documents[i]).EndObject();
    }
  }
  out.EndArray();
  wire::RenderInt("top_k", request.top_n, out);
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  for (const chat::Member& member : request.extra) {
    if (!own) {
      rendered.dropped.push_back(member.key);
    }
  }
  return rendered;
}

Result<RerankResponse> ParseRerankAnswer(V body) {
  SB_TRY(const Value result, ResultIn(body));
  const auto ranking = result.Find("response");
  if (!ranking || !ranking->IsArray()) {
    return core::Fail(core::ErrorCode::kUpstreamProtocol, "response: a list was expected");
  }
  RerankResponse response;
  response.dialect = kDialect;
  SB_CHECK_OK(wire::ReadObject(result, kAnswerFields, response, response.extra,
                               wire::Strictness::kLenient));
  return response;
}

std::string RenderRerankAnswer(const RerankResponse& response) {
  const bool own = response.dialect == kDialect;
  std::string result;
  json::Writer out(result);
  out.BeginObject().Key("response").BeginArray();
  for (const Ranked& ranked : response.results) {
    out.BeginObject().Key("id").Int(ranked.index).Key("score").Raw(ranked.score.written);
    wire::RenderExtra(ranked.extra, own, out);
    out.EndObject();
  }
  out.EndArray();
  wire::RenderExtra(response.extra, own, out);
  out.EndObject();
  return Enveloped(result);
}

}  // namespace signalbox::workers_ai
