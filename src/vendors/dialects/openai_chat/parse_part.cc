#include "vendors/dialects/openai_chat/parse_part.h"

#include <utility>

#include "vendors/dialects/openai_chat/data_url.h"
#include "vendors/dialects/openai_chat/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Media;
using chat::Part;
using core::Result;
using core::Status;
using json::Value;

constexpr Field<Media> kImageFields[] = {
    {"url",
     [](const Value& v, Media& out) -> Status {
       SB_CHECK_OK(ReadText(v, out.url));
       SplitDataUrl(out);
       return Status{};
     }},
    {"detail", [](const Value& v, Media& out) { return ReadText(v, out.detail); }},
};

constexpr Field<Media> kAudioFields[] = {
    {"data", [](const Value& v, Media& out) { return ReadText(v, out.data); }},
    {"format", [](const Value& v, Media& out) { return ReadText(v, out.format); }},
};

constexpr Field<Media> kFileFields[] = {
    {"file_id", [](const Value& v, Media& out) { return ReadText(v, out.file_id); }},
    {"filename", [](const Value& v, Media& out) { return ReadText(v, out.name); }},
    {"file_data",
     [](const Value& v, Media& out) -> Status {
       SB_CHECK_OK(ReadText(v, out.url));
       SplitDataUrl(out);
       if (!out.url.empty() && out.url.find(':') == std::string::npos) {
         out.data = std::exchange(out.url, {});  // Base64 without a data: prefix
       }
       return Status{};
     }},
};

// "image_url" may also be the URL itself (Mistral).
Status ReadImage(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kImage;
  if (value.IsString()) {
    SB_CHECK_OK(ReadText(value, out.url));
    SplitDataUrl(out);
    return {};
  }
  return ReadObject(value, kImageFields, out, out.inner_extra);
}

Status ReadAudio(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kAudio;
  return ReadObject(value, kAudioFields, out, out.inner_extra);
}

Status ReadFile(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kDocument;
  return ReadObject(value, kFileFields, out, out.inner_extra);
}

// [{"type":"text","text":…}, …]
Status ReadThinking(const Value& value, chat::Reasoning& out) {
  out.field = chat::ReasoningField::kThinkingPart;
  return ReadList(value, [&](const Value& element) -> Status {
    const auto text = element.Find("text");
    if (!text || !text->IsString()) {
      return Expected("a text");
    }
    out.text += *text->AsString();
    return {};
  });
}

// How a kind of part is read: the member that bears its content, and by whom.
template <typename T>
struct Bearer {
  std::string_view member;
  Status (*read)(const Value& value, T& out);
};

// Common members first, the bearer's content next, the rest into the part's extra.
template <typename T>
Result<Part> ReadPart(const Value& object, const Bearer<T>& bearer) {
  Part part;
  T content;
  bool found = false;
  for (auto key = object.FirstChild(); key;) {
    const auto value = key->NextIn(object);
    const std::string name = *key->AsString();
    if (name == bearer.member) {
      if (auto status = bearer.read(*value, content); !status) {
        return std::unexpected(UnderMember(name, std::move(status).error()));
      }
      found = true;
    } else if (name != "type" && (name != "cache_control" || !ReadCache(*value, part.cache))) {
      Keep(*key, *value, part.extra);
    }
    key = value->NextIn(object);
  }
  if (!found) {
    return std::unexpected(UnderMember(bearer.member, Expected("a value").error()));
  }
  part.content = std::move(content);
  return part;
}

Status ReadPartText(const Value& value, chat::Text& out) {
  return ReadText(value, out.text);
}
Status ReadPartRefusal(const Value& value, chat::Refusal& out) {
  return ReadText(value, out.text);
}

Part Raw(const Value& value, std::string type, bool call) {
  return {.content = chat::RawPart{std::move(type), std::string(value.Raw()), call}};
}

Result<std::string> TypeOf(const Value& object) {
  if (!object.IsObject()) {
    return Expected("an object");
  }
  const auto type = object.Find("type");
  if (!type || !type->IsString()) {
    return std::unexpected(UnderMember("type", Expected("a string").error()));
  }
  return *type->AsString();
}

}  // namespace

Result<Part> ParsePart(const Value& object) {
  SB_TRY(std::string type, TypeOf(object));
  if (type == "text") {
    return ReadPart<chat::Text>(object, {"text", ReadPartText});
  }
  if (type == "image_url") {
    return ReadPart<Media>(object, {"image_url", ReadImage});
  }
  if (type == "input_audio") {
    return ReadPart<Media>(object, {"input_audio", ReadAudio});
  }
  if (type == "file") {
    return ReadPart<Media>(object, {"file", ReadFile});
  }
  if (type == "refusal") {
    return ReadPart<chat::Refusal>(object, {"refusal", ReadPartRefusal});
  }
  if (type == "thinking") {
    if (auto part = ReadPart<chat::Reasoning>(object, {"thinking", ReadThinking})) {
      return part;
    }
  }
  return Raw(object, std::move(type), false);
}

Status ParseContent(const Value& content, std::vector<Part>& out, bool& listed) {
  if (content.IsNull()) {
    return {};
  }
  if (content.IsString()) {
    out.push_back({.content = chat::Text{*content.AsString(), {}}});
    return {};
  }
  if (!content.IsArray()) {
    return Expected("a string or a list of parts");
  }
  listed = true;
  return ReadList(content, [&](const Value& element) -> Status {
    SB_TRY(Part part, ParsePart(element));
    out.push_back(std::move(part));
    return {};
  });
}

}  // namespace signalbox::openai_chat
