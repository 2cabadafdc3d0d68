#include "vendors/dialects/cohere/render_part.h"

#include "vendors/dialects/cohere/parse_request.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/free_text.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::cohere {
namespace {

using chat::Part;
using json::Writer;

void RenderImage(const chat::Media& media, bool own, Writer& out) {
  out.Key("type").String("image_url").Key("image_url").BeginObject();
  out.Key("url").String(wire::UrlOf(media));
  wire::RenderText("detail", media.detail, out);
  wire::RenderExtra(media.inner_extra, own, out);
  out.EndObject();
}

// Cohere has a list of sources where others have an address.
void RenderSource(const chat::Citation& citation, Writer& out) {
  const std::string& id = citation.url.empty() ? citation.title : citation.url;
  out.Key("sources").BeginArray().BeginObject().Key("type").String("document");
  wire::RenderText("id", id, out);
  out.Key("document").BeginObject();
  wire::RenderText("id", id, out);
  wire::RenderText("url", citation.url, out);
  wire::RenderText("title", citation.title, out);
  out.EndObject().EndObject().EndArray();
}

}  // namespace

bool IsContent(const Part& part, bool own) {
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    const bool bears_citations = text->text.empty() && !text->citations.empty();
    return !bears_citations && !(own && wire::FindMember(part.extra, kDocuments) != nullptr);
  }
  if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    return own && thought->field != chat::ReasoningField::kToolPlan;
  }
  return std::holds_alternative<chat::Refusal>(part.content) ||
         std::holds_alternative<chat::Media>(part.content) ||
         std::holds_alternative<chat::RawPart>(part.content);
}

void RenderPart(const Part& part, bool own, Writer& out) {
  if (const auto* raw = std::get_if<chat::RawPart>(&part.content)) {
    out.Raw(raw->json);
    return;
  }
  out.BeginObject();
  if (const auto* text = std::get_if<chat::Text>(&part.content)) {
    if (own && wire::FindMember(part.extra, "document") != nullptr) {
      out.Key("type").String("document");  // and the document is in the extra
    } else {
      out.Key("type").String("text").Key("text").String(text->text);
    }
  } else if (const auto* refusal = std::get_if<chat::Refusal>(&part.content)) {
    out.Key("type").String("text").Key("text").String(refusal->text);
  } else if (const auto* thought = std::get_if<chat::Reasoning>(&part.content)) {
    out.Key("type").String("thinking").Key("thinking").String(thought->text);
  } else if (const auto* media = std::get_if<chat::Media>(&part.content)) {
    RenderImage(*media, own, out);
  }
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

void RenderCall(const Part& part, std::string_view id, bool own, Writer& out) {
  const auto& call = std::get<chat::ToolCall>(part.content);
  out.BeginObject();
  wire::RenderText("id", call.id.empty() ? id : std::string_view(call.id), out);
  out.Key("type").String("function").Key("function").BeginObject();
  out.Key("name").String(call.name);
  out.Key("arguments");
  call.kind == chat::CallKind::kCustom ? out.String(wire::ArgumentsOf(call.arguments))
                                       : out.String(call.arguments.empty() ? "{}" : call.arguments);
  wire::RenderExtra(call.inner_extra, own, out);
  out.EndObject();
  wire::RenderExtra(part.extra, own, out);
  out.EndObject();
}

void RenderCitation(const chat::Citation& citation, bool own, Writer& out) {
  out.BeginObject();
  wire::RenderInt("start", citation.start, out);
  wire::RenderInt("end", citation.end, out);
  if (!own) {
    out.Key("text").String("");
    RenderSource(citation, out);
    out.Key("type").String("TEXT_CONTENT");
  } else {
    wire::RenderText("type", citation.type, out);
  }
  wire::RenderExtra(citation.extra, own, out);
  out.EndObject();
}

std::string MakeCallId(std::string_view name, std::size_t call) {
  return std::string(name).append("_").append(std::to_string(call));
}

}  // namespace signalbox::cohere
