#include <utility>

#include "vendors/dialects/openai_chat/parse_part.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Citation;
using chat::Media;
using chat::Part;
using chat::ToolCall;
using core::Result;
using core::Status;
using json::Value;

// A text; an object (some servers do not encode it twice) counts as its own JSON.
Status ReadArguments(const Value& value, std::string& out) {
  return value.IsString() ? wire::ReadText(value, out) : wire::ReadRaw(value, out);
}

constexpr wire::Field<ToolCall> kFunctionFields[] = {
    {"name", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"arguments", [](const Value& v, ToolCall& out) { return ReadArguments(v, out.arguments); }},
};

constexpr wire::Field<ToolCall> kCustomFields[] = {
    {"name", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.name); }},
    {"input", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.arguments); }},
};

constexpr wire::Field<ToolCall> kCallFields[] = {
    {"type", [](const Value&, ToolCall&) { return Status{}; }},
    {"id", [](const Value& v, ToolCall& out) { return wire::ReadText(v, out.id); }},
    {"extra_content",
     [](const Value& v, ToolCall& out) { return ParseCallSignature(v, out.signature); },
     wire::OnFailure::kKeep},
    {"function",
     [](const Value& v, ToolCall& out) {
       return wire::ReadObject(v, kFunctionFields, out, out.inner_extra);
     }},
    {"custom",
     [](const Value& v, ToolCall& out) {
       out.kind = chat::CallKind::kCustom;
       return wire::ReadObject(v, kCustomFields, out, out.inner_extra);
     }},
};

// The members of `url_citation`, or of the annotation itself.
constexpr wire::Field<Citation> kCitationFields[] = {
    {"url", [](const Value& v, Citation& out) { return wire::ReadText(v, out.url); }},
    {"title", [](const Value& v, Citation& out) { return wire::ReadText(v, out.title); }},
    {"start_index", [](const Value& v, Citation& out) { return wire::ReadInt(v, out.start); }},
    {"end_index", [](const Value& v, Citation& out) { return wire::ReadInt(v, out.end); }},
};

constexpr wire::Field<Media> kSpokenFields[] = {
    {"id", [](const Value& v, Media& out) { return wire::ReadText(v, out.file_id); }},
    {"data", [](const Value& v, Media& out) { return wire::ReadText(v, out.data); }},
    {"transcript", [](const Value& v, Media& out) { return wire::ReadText(v, out.transcript); }},
};

}  // namespace

Status ParseCallSignature(const Value& extra_content, std::string& out) {
  const auto google = extra_content.Find("google");
  const auto signature = google ? google->Find("thought_signature") : std::nullopt;
  const bool alone = signature && signature->IsString() && extra_content.CountChildren() == 1 &&
                     google->CountChildren() == 1;
  return alone ? wire::ReadText(*signature, out) : wire::Expected("a signature");
}

Result<Part> ParseToolCall(const Value& object) {
  if (!object.IsObject()) {
    return wire::Expected("an object");
  }
  if (!object.Find("function") && !object.Find("custom")) {
    const auto type = object.Find("type");
    std::string name = type ? type->AsString().value_or("") : "";
    return Part{.content = chat::RawPart{std::move(name), std::string(object.Raw()), true}};
  }
  Part part;
  ToolCall call;
  SB_CHECK_OK(wire::ReadObject(object, kCallFields, call, part.extra));
  part.content = std::move(call);
  return part;
}

Status ParseCitation(const Value& annotation, Citation& out) {
  const auto type = annotation.Find("type");
  out.type = type ? type->AsString().value_or("") : "";
  const auto inner = annotation.Find("url_citation");
  if (out.type != "url_citation" || !inner || annotation.CountChildren() != 2) {
    return wire::Expected("a url_citation");
  }
  return wire::ReadObject(*inner, kCitationFields, out, out.extra);
}

Status ParseSpokenAudio(const Value& audio, Part& out) {
  Media media;
  media.kind = chat::MediaKind::kAudio;
  SB_CHECK_OK(wire::ReadObject(audio, kSpokenFields, media, media.inner_extra));
  out.content = std::move(media);
  return {};
}

}  // namespace signalbox::openai_chat
