#include "vendors/dialects/mistral/parse_part.h"

#include <utility>

#include "vendors/dialects/openai_chat/parse_part.h"
#include "vendors/dialects/wire/data_url.h"
#include "vendors/dialects/wire/fields.h"

namespace signalbox::mistral {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::Part;
using core::Result;
using core::Status;
using json::Value;

// How the Base64 of a sound begins, which Mistral takes without a name of its format.
struct Beginning {
  std::string_view base64;
  std::string_view format;
};
constexpr Beginning kBeginnings[] = {
    {"UklGR", "wav"}, {"SUQz", "mp3"},   {"//v", "mp3"},
    {"//N", "mp3"},   {"ZkxhQ", "flac"}, {"T2dnU", "ogg"},
};

Status Known(const Value&, Media&) {
  return {};
}

Status ReadUrl(const Value& value, Media& out) {
  SB_CHECK_OK(wire::ReadText(value, out.url));
  wire::SplitDataUrl(out);
  return {};
}

// A URL, a data URL, or Base64 alone.
Status ReadAudio(const Value& value, Media& out) {
  SB_CHECK_OK(ReadUrl(value, out));
  if (!out.url.empty() && out.url.find(':') == std::string::npos) {
    out.data = std::exchange(out.url, {});
  }
  for (const Beginning& beginning : kBeginnings) {
    if (out.data.starts_with(beginning.base64)) {
      out.format = beginning.format;
    }
  }
  return {};
}

constexpr wire::Field<Media> kDocumentFields[] = {
    {"type", Known},
    {"document_url", ReadUrl},
    {"document_name", [](const Value& v, Media& out) { return wire::ReadText(v, out.name); }},
};
constexpr wire::Field<Media> kFileFields[] = {
    {"type", Known},
    {"file_id", [](const Value& v, Media& out) { return wire::ReadText(v, out.file_id); }},
};
constexpr wire::Field<Media> kAudioFields[] = {
    {"type", Known},
    {"input_audio", ReadAudio},
};

template <std::size_t size>
Result<Part> ReadMedia(const Value& object, MediaKind kind,
                       const wire::Field<Media> (&fields)[size], std::string_view bearer) {
  Part part;
  Media media;
  media.kind = kind;
  SB_CHECK_OK(wire::ReadObject(object, fields, media, part.extra));
  if (media.url.empty() && media.data.empty() && media.file_id.empty()) {
    return std::unexpected(wire::UnderMember(bearer, wire::Expected("a value").error()));
  }
  part.content = std::move(media);
  return part;
}

}  // namespace

Result<Part> ParsePart(const Value& object) {
  const auto type = object.IsObject() ? object.Find("type") : std::nullopt;
  const std::string kind = type ? type->AsString().value_or("") : "";
  if (kind == "document_url") {
    return ReadMedia(object, MediaKind::kDocument, kDocumentFields, "document_url");
  }
  if (kind == "file" && object.Find("file_id")) {
    return ReadMedia(object, MediaKind::kDocument, kFileFields, "file_id");
  }
  if (kind == "input_audio") {
    const auto audio = object.Find("input_audio");
    if (audio && audio->IsString()) {
      return ReadMedia(object, MediaKind::kAudio, kAudioFields, "input_audio");
    }
  }
  return openai_chat::ParsePart(object);
}

}  // namespace signalbox::mistral
