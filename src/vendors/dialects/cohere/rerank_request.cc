#include <utility>

#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/cohere/parse_request.h"
#include "vendors/dialects/cohere/rerank.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::RerankRequest;
using core::Status;
using json::Value;
using V = const Value&;

Status ReadDocument(V value, RerankRequest& out, bool& objects) {
  std::string& text = out.documents.emplace_back();
  if (value.IsString()) {
    return wire::ReadText(value, text);
  }
  if (!value.IsObject()) {
    return wire::Expected("a text or an object");
  }
  objects = true;
  const auto named = value.Find("text");
  text = named && named->IsString() ? *named->AsString() : std::string(value.Raw());
  return {};
}

// As they were written too, where one of them was no text.
Status ReadDocuments(V value, RerankRequest& out) {
  bool objects = false;
  SB_CHECK_OK(
      wire::ReadList(value, [&](V element) { return ReadDocument(element, out, objects); }));
  if (objects) {
    json::ForEachElement(value, [&](V element) { out.raw_documents.emplace_back(element.Raw()); });
  }
  return {};
}

using R = RerankRequest;
constexpr wire::Field<R> kFields[] = {
    {"model", [](V v, R& r) { return wire::ReadText(v, r.model); }},
    {"query", [](V v, R& r) { return wire::ReadText(v, r.query); }},
    {"documents", ReadDocuments},
    {"top_n", [](V v, R& r) { return wire::ReadInt(v, r.top_n); }},
    {"return_documents", [](V v, R& r) { return wire::ReadBool(v, r.return_documents); }},
};

Status CheckMembers(V body) {
  const auto query = body.Find("query");
  if (!query || query->IsNull()) {
    return std::unexpected(wire::UnderMember("query", wire::Expected("a text").error()));
  }
  const auto documents = body.Find("documents");
  if (!documents || documents->IsNull()) {
    return std::unexpected(wire::UnderMember("documents", wire::Expected("a list").error()));
  }
  return {};
}

void RenderDocuments(const RerankRequest& request, bool own, json::Writer& out) {
  out.Key("documents").BeginArray();
  const bool raw = own && request.raw_documents.size() == request.documents.size();
  for (std::size_t i = 0; i < request.documents.size(); ++i) {
    raw ? out.Raw(request.raw_documents[i]) : out.String(request.documents[i]);
  }
  out.EndArray();
}

}  // namespace

core::Result<RerankRequest> ParseRerankRequest(V body) {
  RerankRequest request;
  request.dialect = kDialect;
  auto status = wire::ReadObject(body, kFields, request, request.extra);
  if (status) {
    status = CheckMembers(body);
  }
  if (!status) {
    return std::unexpected(Named(std::move(status).error()));
  }
  return request;
}

core::Result<wire::RenderedRequest> RenderRerankRequest(const RerankRequest& request) {
  const bool own = request.dialect == kDialect;
  wire::RenderedRequest rendered;
  json::Writer out(rendered.body);
  out.BeginObject();
  wire::RenderText("model", request.model, out);
  out.Key("query").String(request.query);
  RenderDocuments(request, own, out);
  wire::RenderInt("top_n", request.top_n, out);
  if (own) {
    wire::RenderBool("return_documents", request.return_documents, out);
  } else if (request.return_documents.value_or(false)) {
    rendered.dropped.emplace_back("return_documents");
  }
  for (std::size_t i = 0; !own && i < request.extra.size(); ++i) {
    rendered.dropped.push_back(request.extra[i].key);
  }
  wire::RenderExtra(request.extra, own, out);
  out.EndObject();
  return rendered;
}

}  // namespace signalbox::cohere
