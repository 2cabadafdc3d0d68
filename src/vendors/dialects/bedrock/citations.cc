#include "vendors/dialects/bedrock/citations.h"

#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Citation;
using core::Status;
using json::Value;

constexpr std::string_view kLocation = "location";

// {"web":{"url":…}} and its like: the one member names the kind of place.
Status ReadLocation(const Value& value, Citation& out) {
  const auto kind = value.IsObject() ? value.FirstChild() : std::nullopt;
  if (!kind) {
    return wire::Expected("an object");
  }
  SB_CHECK_OK(wire::ReadText(*kind, out.type));
  if (const auto url = kind->NextIn(value)->Find("url")) {
    out.url = url->AsString().value_or("");
  }
  out.extra.push_back({std::string(kLocation), std::string(value.Raw())});
  return {};
}

constexpr wire::Field<Citation> kFields[] = {
    {"title", [](const Value& v, Citation& out) { return wire::ReadText(v, out.title); }},
    {kLocation, ReadLocation},
};

}  // namespace

Status ReadCitation(const Value& value, Citation& out) {
  return wire::ReadObject(value, kFields, out, out.extra, wire::Strictness::kLenient);
}

void WriteCitation(const Citation& citation, bool own, json::Writer& out) {
  out.BeginObject();
  wire::RenderText("title", citation.title, out);
  wire::RenderExtra(citation.extra, own, out);
  if (!citation.url.empty() && (!own || wire::FindMember(citation.extra, kLocation) == nullptr)) {
    out.Key(kLocation).BeginObject().Key("web").BeginObject();
    out.Key("url").String(citation.url).EndObject().EndObject();
  }
  out.EndObject();
}

Status ReadCitationsContent(const Value& value, chat::Text& out) {
  if (const auto content = value.Find("content")) {
    SB_CHECK_OK(wire::ReadList(*content, [&](const Value& element) -> Status {
      const auto text = element.Find("text");
      if (!text || !text->IsString()) {
        return wire::Expected("a text");
      }
      out.text += *text->AsString();
      return {};
    }));
  }
  if (const auto citations = value.Find("citations")) {
    SB_CHECK_OK(wire::ReadList(*citations, [&](const Value& element) {
      return ReadCitation(element, out.citations.emplace_back());
    }));
  }
  return {};
}

bool SaysAllOf(const Value& value, const chat::Text& text) {
  const auto content = value.Find("content");
  const bool one = content && content->IsArray() && content->CountChildren() == 1 &&
                   content->FirstChild()->CountChildren() == 1;
  return one && value.CountChildren() == 2 && !text.citations.empty();
}

void WriteCitationsContent(const chat::Text& text, bool own, json::Writer& out) {
  out.BeginObject().Key("content").BeginArray();
  out.BeginObject().Key("text").String(text.text).EndObject().EndArray();
  out.Key("citations").BeginArray();
  for (const Citation& citation : text.citations) {
    WriteCitation(citation, own, out);
  }
  out.EndArray().EndObject();
}

}  // namespace signalbox::bedrock
