#include "vendors/dialects/openai_responses/parse_content.h"

#include <utility>

#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_responses {
namespace {

using chat::Citation;
using chat::Media;
using chat::Part;
using core::Result;
using core::Status;
using json::Value;

Status Known(const Value&, Part&) {
  return {};
}

// OpenAI's marker goes back as it came; to others it says "up to here".
Status ReadBreakpoint(const Value& value, Part& out) {
  out.cache.emplace();
  out.cache->extra.push_back({"prompt_cache_breakpoint", std::string(value.Raw())});
  return {};
}

chat::Text& TextOf(Part& part) {
  return std::get<chat::Text>(part.content);
}
Media& MediaOf(Part& part) {
  return std::get<Media>(part.content);
}

Status ReadAnnotations(const Value& value, Part& out) {
  return wire::ReadList(value, [&](const Value& annotation) {
    TextOf(out).citations.push_back(ParseAnnotation(annotation));
    return Status{};
  });
}

// None say nothing.
Status ReadLogprobs(const Value& value, Part& out) {
  if (value.FirstChild()) {
    out.extra.push_back({"logprobs", std::string(value.Raw())});
  }
  return {};
}

constexpr wire::Field<Part> kTextFields[] = {
    {"type", Known},
    {"text", [](const Value& v, Part& out) { return wire::ReadText(v, TextOf(out).text); }},
    {"annotations", ReadAnnotations},
    {"logprobs", ReadLogprobs},
    {"prompt_cache_breakpoint", ReadBreakpoint},
};

constexpr wire::Field<Part> kRefusalFields[] = {
    {"type", Known},
    {"refusal",
     [](const Value& v, Part& out) {
       return wire::ReadText(v, std::get<chat::Refusal>(out.content).text);
     }},
};

constexpr wire::Field<Part> kImageFields[] = {
    {"type", Known},
    {"image_url", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).url); }},
    {"file_id", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).file_id); }},
    {"detail", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).detail); }},
    {"prompt_cache_breakpoint", ReadBreakpoint},
};

constexpr wire::Field<Part> kFileFields[] = {
    {"type", Known},
    {"file_id", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).file_id); }},
    {"file_url", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).url); }},
    {"file_data", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).data); }},
    {"filename", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).name); }},
    {"detail", [](const Value& v, Part& out) { return wire::ReadText(v, MediaOf(out).detail); }},
    {"prompt_cache_breakpoint", ReadBreakpoint},
};

constexpr wire::Field<Media> kAudioFields[] = {
    {"data", [](const Value& v, Media& out) { return wire::ReadText(v, out.data); }},
    {"format", [](const Value& v, Media& out) { return wire::ReadText(v, out.format); }},
};

constexpr wire::Field<Part> kAudioPartFields[] = {
    {"type", Known},
    {"input_audio",
     [](const Value& v, Part& out) {
       return wire::ReadObject(v, kAudioFields, MediaOf(out), MediaOf(out).inner_extra);
     }},
};

template <std::size_t size>
Result<Part> Read(const Value& content, Part part, const wire::Field<Part> (&fields)[size]) {
  chat::Extra extra;
  SB_CHECK_OK(wire::ReadObject(content, fields, part, extra));
  for (chat::Member& member : extra) {
    part.extra.push_back(std::move(member));
  }
  return part;
}

Media Of(chat::MediaKind kind) {
  Media media;
  media.kind = kind;
  return media;
}

Result<Part> ReadFile(const Value& content) {
  SB_TRY(Part part, Read(content, {.content = Of(chat::MediaKind::kDocument)}, kFileFields));
  Media& file = MediaOf(part);
  if (file.data.starts_with("data:") && file.url.empty()) {
    file.url = std::exchange(file.data, {});
    wire::SplitDataUrl(file);
  }
  return part;
}

constexpr wire::Field<Citation> kCitationFields[] = {
    {"type", [](const Value& v, Citation& out) { return wire::ReadText(v, out.type); }},
    {"url", [](const Value& v, Citation& out) { return wire::ReadText(v, out.url); }},
    {"title", [](const Value& v, Citation& out) { return wire::ReadText(v, out.title); }},
    {"start_index", [](const Value& v, Citation& out) { return wire::ReadInt(v, out.start); }},
    {"end_index", [](const Value& v, Citation& out) { return wire::ReadInt(v, out.end); }},
};

}  // namespace

chat::Citation ParseAnnotation(const Value& annotation) {
  Citation citation;
  // Lenient: what is no object says nothing.
  (void)wire::ReadObject(annotation, kCitationFields, citation, citation.extra,
                         wire::Strictness::kLenient);
  return citation;
}

chat::RawJson ChatLogprobs(std::string_view list) {
  return std::string(R"({"content":)").append(list).append("}");
}

Result<Part> ParseContent(const Value& content) {
  if (!content.IsObject()) {
    return wire::Expected("an object");
  }
  const auto type = content.Find("type");
  std::string name = type ? type->AsString().value_or("") : "";
  if (name == "input_text" || name == "output_text" || name == "text") {
    return Read(content, {.content = chat::Text{}}, kTextFields);
  }
  if (name == "refusal") {
    return Read(content, {.content = chat::Refusal{}}, kRefusalFields);
  }
  if (name == "input_image") {
    SB_TRY(Part part, Read(content, {.content = Of(chat::MediaKind::kImage)}, kImageFields));
    wire::SplitDataUrl(MediaOf(part));
    return part;
  }
  if (name == "input_file") {
    return ReadFile(content);
  }
  if (name == "input_audio") {
    return Read(content, {.content = Of(chat::MediaKind::kAudio)}, kAudioPartFields);
  }
  return Part{.content = chat::RawPart{std::move(name), std::string(content.Raw())}};
}

Status ParseContents(const Value& value, std::vector<Part>& out, bool& listed) {
  listed = value.IsArray();
  if (!listed) {
    chat::Text text;
    if (!wire::ReadText(value, text.text)) {
      return wire::Expected("a string or a list of contents");
    }
    out.push_back({.content = std::move(text)});
    return {};
  }
  return wire::ReadList(value, [&](const Value& content) -> Status {
    SB_TRY(Part part, ParseContent(content));
    out.push_back(std::move(part));
    return {};
  });
}

}  // namespace signalbox::openai_responses
