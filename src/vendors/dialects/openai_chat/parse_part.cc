#include "vendors/dialects/openai_chat/parse_part.h"

#include <utility>

#include "vendors/dialects/openai_chat/media_words.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::openai_chat {
namespace {

using chat::Media;
using chat::Part;
using core::Result;
using core::Status;
using json::Value;

constexpr wire::Field<Media> kImageFields[] = {
    {"url",
     [](const Value& v, Media& out) -> Status {
       SB_CHECK_OK(wire::ReadText(v, out.url));
       wire::SplitDataUrl(out);
       return Status{};
     }},
    {"detail", [](const Value& v, Media& out) { return wire::ReadText(v, out.detail); }},
};

constexpr wire::Field<Media> kAudioFields[] = {
    {"data", [](const Value& v, Media& out) { return wire::ReadText(v, out.data); }},
    {"format", [](const Value& v, Media& out) { return wire::ReadText(v, out.format); }},
};

// A URL, or Base64 without a data: prefix.
Status ReadData(const Value& value, Media& out) {
  SB_CHECK_OK(wire::ReadText(value, out.url));
  wire::SplitDataUrl(out);
  if (!out.url.empty() && out.url.find(':') == std::string::npos) {
    out.data = std::exchange(out.url, {});
  }
  return {};
}

constexpr wire::Field<Media> kFileFields[] = {
    {"file_id", [](const Value& v, Media& out) { return wire::ReadText(v, out.file_id); }},
    {"filename", [](const Value& v, Media& out) { return wire::ReadText(v, out.name); }},
    {"file_data", ReadData},
};

// "image_url" may also be the URL itself (Mistral).
Status ReadImage(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kImage;
  if (value.IsString()) {
    SB_CHECK_OK(wire::ReadText(value, out.url));
    wire::SplitDataUrl(out);
    return {};
  }
  return wire::ReadObject(value, kImageFields, out, out.inner_extra);
}

// Mistral's "input_audio" is the data itself, or its URL.
Status ReadAudio(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kAudio;
  if (value.IsString()) {
    SB_CHECK_OK(ReadData(value, out));
    out.format = AudioFormat(out);
    return {};
  }
  return wire::ReadObject(value, kAudioFields, out, out.inner_extra);
}

Status ReadFile(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kDocument;
  return wire::ReadObject(value, kFileFields, out, out.inner_extra);
}

// Mistral's documents.
Status ReadDocument(const Value& value, Media& out) {
  out.kind = chat::MediaKind::kDocument;
  return ReadData(value, out);
}

// [{"type":"text","text":…}, …]
Status ReadThinking(const Value& value, chat::Reasoning& out) {
  out.field = chat::ReasoningField::kThinkingPart;
  return wire::ReadList(value, [&](const Value& element) -> Status {
    const auto text = element.Find("text");
    if (!text || !text->IsString()) {
      return wire::Expected("a text");
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
        return std::unexpected(wire::UnderMember(name, std::move(status).error()));
      }
      found = true;
    } else if (name != "type" &&
               (name != "cache_control" || !wire::ReadCache(*value, part.cache))) {
      wire::Keep(*key, *value, part.extra);
    }
    key = value->NextIn(object);
  }
  if (!found) {
    return std::unexpected(wire::UnderMember(bearer.member, wire::Expected("a value").error()));
  }
  part.content = std::move(content);
  return part;
}

// The name of Mistral's document stands beside it.
void TakeName(const Value& object, Part& part) {
  const auto name = object.Find("document_name");
  if (name && name->IsString()) {
    std::get<Media>(part.content).name = *name->AsString();
    std::erase_if(part.extra, [](const auto& member) { return member.key == "document_name"; });
  }
}

Status ReadPartText(const Value& value, chat::Text& out) {
  return wire::ReadText(value, out.text);
}
Status ReadPartRefusal(const Value& value, chat::Refusal& out) {
  return wire::ReadText(value, out.text);
}

Part Raw(const Value& value, std::string type, bool call) {
  return {.content = chat::RawPart{std::move(type), std::string(value.Raw()), call}};
}

Result<std::string> TypeOf(const Value& object) {
  if (!object.IsObject()) {
    return wire::Expected("an object");
  }
  const auto type = object.Find("type");
  if (!type || !type->IsString()) {
    return std::unexpected(wire::UnderMember("type", wire::Expected("a string").error()));
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
  // Mistral's {"type":"file","file_id":…} means nothing to anybody else.
  if (type == "file" && (object.Find("file") || !object.Find("file_id"))) {
    return ReadPart<Media>(object, {"file", ReadFile});
  }
  if (type == "document_url") {
    if (auto part = ReadPart<Media>(object, {"document_url", ReadDocument})) {
      TakeName(object, *part);
      return part;
    }
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
    return wire::ReadText(content, std::get<chat::Text>(out.emplace_back().content).text);
  }
  if (!content.IsArray()) {
    return wire::Expected("a string or a list of parts");
  }
  listed = true;
  out.reserve(out.size() + content.CountChildren());
  return wire::ReadList(content, [&](const Value& element) -> Status {
    SB_TRY(Part part, ParsePart(element));
    out.push_back(std::move(part));
    return {};
  });
}

}  // namespace signalbox::openai_chat
