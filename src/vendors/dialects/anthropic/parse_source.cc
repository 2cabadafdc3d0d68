#include "vendors/dialects/anthropic/parse_source.h"

#include <algorithm>
#include <utility>

#include "base/core/base64.h"
#include "vendors/dialects/anthropic/parse_block.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::anthropic {
namespace {

using chat::Citation;
using chat::Media;
using core::Status;
using json::Value;
using V = const Value&;

constexpr std::string_view kKnown[] = {"base64", "url", "file", "text"};

Status Known(V, Media&) {
  return {};
}

constexpr wire::Field<Media> kFields[] = {
    {"type", Known},
    {"url", [](V v, Media& m) { return wire::ReadText(v, m.url); }},
    {"data", [](V v, Media& m) { return wire::ReadText(v, m.data); }},
    {"media_type", [](V v, Media& m) { return wire::ReadText(v, m.media_type); }},
    {"file_id", [](V v, Media& m) { return wire::ReadText(v, m.file_id); }},
};

Status ReadCitationType(V v, Citation& c) {
  return wire::ReadText(v, c.type);
}

constexpr wire::Field<Citation> kCitationFields[] = {
    {"type", ReadCitationType},
    {"url", [](V v, Citation& c) { return wire::ReadText(v, c.url); }},
    {"title", [](V v, Citation& c) { return wire::ReadText(v, c.title); }},
};
constexpr wire::Field<Citation> kDocumentCitationFields[] = {
    {"type", ReadCitationType},
    {"document_title", [](V v, Citation& c) { return wire::ReadText(v, c.title); }},
};

}  // namespace

bool HasKnownSource(const Value& block) {
  const auto source = block.Find("source");
  return source && std::ranges::find(kKnown, TextIn(*source, "type")) != std::end(kKnown);
}

Status ParseSource(const Value& source, Media& out) {
  SB_CHECK_OK(wire::ReadObject(source, kFields, out, out.inner_extra));
  if (TextIn(source, "type") == "text") {
    out.data = core::ToBase64(out.data);
    out.media_type = out.media_type.empty() ? "text/plain" : std::move(out.media_type);
  }
  return {};
}

bool CitesDocument(std::string_view type) {
  return type == "char_location" || type == "page_location" || type == "content_block_location";
}

// Positions are in the source, not in the text that it supports, so they stay unknown to others.
Status ParseCitation(const Value& citation, Citation& out) {
  return CitesDocument(TextIn(citation, "type"))
             ? wire::ReadObject(citation, kDocumentCitationFields, out, out.extra)
             : wire::ReadObject(citation, kCitationFields, out, out.extra);
}

}  // namespace signalbox::anthropic
