#include "vendors/dialects/cohere/parse_part.h"

#include <utility>

#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::cohere {
namespace {

using chat::Citation;
using chat::Media;
using chat::Part;
using chat::ToolCall;
using core::Status;
using json::Value;
using V = const Value&;

Status Known(V, Part&) {
  return {};
}

template <typename T>
T& In(Part& part) {
  return std::get<T>(part.content);
}

constexpr wire::Field<Part> kTextFields[] = {
    {"type", Known},
    {"text", [](V v, Part& out) { return wire::ReadText(v, In<chat::Text>(out).text); }},
};

constexpr wire::Field<Part> kThinkingFields[] = {
    {"type", Known},
    {"thinking", [](V v, Part& out) { return wire::ReadText(v, In<chat::Reasoning>(out).text); }},
};

constexpr wire::Field<Media> kUrlFields[] = {
    {"url", [](V v, Media& out) { return wire::ReadText(v, out.url); }},
    {"detail", [](V v, Media& out) { return wire::ReadText(v, out.detail); }},
};

// An object with the URL, or the URL itself.
Status ReadImage(V value, Part& out) {
  auto& media = In<Media>(out);
  SB_CHECK_OK(value.IsString() ? wire::ReadText(value, media.url)
                               : wire::ReadObject(value, kUrlFields, media, media.inner_extra));
  wire::SplitDataUrl(media);
  return {};
}

constexpr wire::Field<Part> kImageFields[] = {
    {"type", Known},
    {"image_url", ReadImage},
};

// A document is a text to everybody else, and stays what it was in the part's extra.
constexpr wire::Field<Part> kDocumentFields[] = {
    {"type", Known},
    {"document",
     [](V v, Part& out) -> Status {
       In<chat::Text>(out).text = TextOfDocument(v);
       out.extra.push_back({"document", std::string(v.Raw())});
       return {};
     }},
};

Status ParsePart(V value, Part& out) {
  const auto kind = value.Find("type");
  std::string type = kind ? kind->AsString().value_or("") : "";
  if (!value.IsObject() || type.empty()) {
    return wire::Expected("a part with a type");
  }
  if (type == "text") {
    out.content = chat::Text{};
    return wire::ReadObject(value, kTextFields, out, out.extra);
  }
  if (type == "thinking") {
    out.content = chat::Reasoning{};
    return wire::ReadObject(value, kThinkingFields, out, out.extra);
  }
  if (type == "image_url") {
    out.content = Media{};
    return wire::ReadObject(value, kImageFields, out, out.extra);
  }
  if (type == "document" && value.Find("document")) {
    out.content = chat::Text{};
    return wire::ReadObject(value, kDocumentFields, out, out.extra);
  }
  out.content = chat::RawPart{std::move(type), std::string(value.Raw())};
  return {};
}

constexpr wire::Field<ToolCall> kFunctionFields[] = {
    {"name", [](V v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"arguments",
     [](V v, ToolCall& out) {
       return v.IsString() ? wire::ReadText(v, out.arguments) : wire::ReadRaw(v, out.arguments);
     }},
};

constexpr wire::Field<ToolCall> kCallFields[] = {
    {"type", [](V, ToolCall&) { return Status{}; }},
    {"id", [](V v, ToolCall& out) { return wire::ReadText(v, out.id); }},
    {"function",
     [](V v, ToolCall& out) { return wire::ReadObject(v, kFunctionFields, out, out.inner_extra); }},
};

// Where the first source with an address leads.
void ReadSources(V sources, Citation& out) {
  json::ForEachElement(sources, [&](V source) {
    const auto document = source.Find("document");
    for (const auto& [key, to] : {std::pair{"url", &out.url}, std::pair{"title", &out.title}}) {
      const auto text = document ? document->Find(key) : std::nullopt;
      if (to->empty() && text && text->IsString()) {
        *to = *text->AsString();
      }
    }
  });
}

constexpr wire::Field<Citation> kCitationFields[] = {
    {"type", [](V v, Citation& out) { return wire::ReadText(v, out.type); }},
    {"start", [](V v, Citation& out) { return wire::ReadInt(v, out.start); }},
    {"end", [](V v, Citation& out) { return wire::ReadInt(v, out.end); }},
};

}  // namespace

std::string TextOfDocument(V document) {
  if (document.IsString()) {
    return *document.AsString();
  }
  const auto data = document.Find("data");
  if (!data) {
    return std::string(document.Raw());
  }
  return data->IsString() ? *data->AsString() : std::string(data->Raw());
}

std::string ArgumentsOf(std::string text) {
  return text.empty() || text == "null" ? "{}" : std::move(text);
}

Status ParseContent(V content, std::vector<Part>& out, bool& listed) {
  if (content.IsString()) {
    out.push_back({.content = chat::Text{*content.AsString(), {}}});
    return {};
  }
  listed = true;
  return wire::ReadList(content, [&](V element) { return ParsePart(element, out.emplace_back()); });
}

Status ParseToolCall(V call, Part& out) {
  ToolCall parsed;
  SB_CHECK_OK(wire::ReadObject(call, kCallFields, parsed, out.extra));
  parsed.arguments = ArgumentsOf(std::move(parsed.arguments));
  out.content = std::move(parsed);
  return {};
}

Status ParseCitation(V citation, Citation& out) {
  SB_CHECK_OK(wire::ReadObject(citation, kCitationFields, out, out.extra));
  if (const auto sources = citation.Find("sources"); sources && sources->IsArray()) {
    ReadSources(*sources, out);
  }
  return {};
}

}  // namespace signalbox::cohere
