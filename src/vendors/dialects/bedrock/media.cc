#include "vendors/dialects/bedrock/media.h"

#include "base/core/base64.h"
#include "vendors/dialects/wire/fields.h"
#include "vendors/dialects/wire/render_fields.h"

namespace signalbox::bedrock {
namespace {

using chat::Media;
using chat::MediaKind;
using core::Status;
using json::Value;

constexpr std::string_view kSource = "source";
constexpr std::string_view kLocation = "s3Location";

struct Kind {
  MediaKind kind;
  std::string_view member;
};
constexpr Kind kKinds[] = {
    {MediaKind::kImage, "image"},
    {MediaKind::kDocument, "document"},
    {MediaKind::kAudio, "audio"},
    {MediaKind::kVideo, "video"},
};

// {"uri":…,"bucketOwner":…}
Status ReadLocation(const Value& location, Media& out) {
  const auto uri = location.Find("uri");
  if (!uri || !uri->IsString()) {
    return std::unexpected(wire::UnderMember("uri", wire::Expected("a string").error()));
  }
  if (location.CountChildren() > 1) {
    out.inner_extra.push_back({std::string(kLocation), std::string(location.Raw())});
  }
  return wire::ReadText(*uri, out.url);
}

// The texts of {"text":…} or {"content":[{"text":…},…]}, for those who take documents as bytes.
std::string TextIn(const Value& source) {
  std::string text;
  if (const auto one = source.Find("text")) {
    text = one->AsString().value_or("");
  }
  if (const auto list = source.Find("content"); list && list->IsArray()) {
    json::ForEachElement(*list, [&](const Value& element) {
      const auto piece = element.Find("text");
      text += piece ? piece->AsString().value_or("") : "";
    });
  }
  return text;
}

Status ReadSource(const Value& source, Media& out) {
  if (!source.IsObject()) {
    return wire::Expected("an object");
  }
  const auto bytes = source.Find("bytes");
  const auto location = source.Find(kLocation);
  if ((bytes || location) && source.CountChildren() > 1) {
    out.inner_extra.push_back({std::string(kSource), std::string(source.Raw())});
  }
  if (bytes) {
    return wire::ReadText(*bytes, out.data);
  }
  if (location) {
    return ReadLocation(*location, out);
  }
  out.inner_extra.push_back({std::string(kSource), std::string(source.Raw())});
  out.data = core::ToBase64(TextIn(source));
  out.media_type = "text/plain";
  return {};
}

constexpr wire::Field<Media> kFields[] = {
    {"format", [](const Value& v, Media& out) { return wire::ReadText(v, out.format); }},
    {"name", [](const Value& v, Media& out) { return wire::ReadText(v, out.name); }},
    {kSource, ReadSource},
};

void WriteSource(const Media& media, bool own, json::Writer& out) {
  const chat::Member* source = own ? wire::FindMember(media.inner_extra, kSource) : nullptr;
  const chat::Member* location = own ? wire::FindMember(media.inner_extra, kLocation) : nullptr;
  out.Key(kSource);
  if (source != nullptr) {
    out.Raw(source->value);
    return;
  }
  out.BeginObject();
  if (location != nullptr) {
    out.Key(kLocation).Raw(location->value);
  } else if (!media.url.empty()) {
    out.Key(kLocation).BeginObject().Key("uri").String(media.url).EndObject();
  } else {
    out.Key("bytes").String(media.data);
  }
  out.EndObject();
}

}  // namespace

std::optional<MediaKind> MediaKindOf(std::string_view member) {
  for (const Kind& row : kKinds) {
    if (row.member == member) {
      return row.kind;
    }
  }
  return std::nullopt;
}

std::string_view MemberOf(MediaKind kind) {
  for (const Kind& row : kKinds) {
    if (row.kind == kind) {
      return row.member;
    }
  }
  return {};
}

Status ReadMedia(const Value& block, MediaKind kind, Media& out) {
  out.kind = kind;
  SB_CHECK_OK(wire::ReadObject(block, kFields, out, out.inner_extra));
  if (const auto type = MediaTypeOf(kind, out.format); !type.empty()) {
    out.media_type = type;
  }
  return {};
}

Status CheckMedia(const Media& media, bool own) {
  if (own) {
    return {};
  }
  if (!media.url.empty() && !media.url.starts_with("s3://")) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "Bedrock Converse takes bytes or an s3:// address here, no other URL");
  }
  if (media.url.empty() && media.data.empty() && !media.file_id.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "Bedrock Converse takes no file of another vendor's by its id");
  }
  if (FormatOf(media).empty()) {
    const std::string& what = media.media_type.empty() ? media.format : media.media_type;
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      what.empty() ? "the media type must be stated for Bedrock Converse"
                                   : "Bedrock Converse does not take " + what + " here");
  }
  return {};
}

void WriteMedia(const Media& media, bool own, std::string_view name, json::Writer& out) {
  out.BeginObject();
  wire::RenderText("format", own ? std::string_view(media.format) : FormatOf(media), out);
  if (media.kind == MediaKind::kDocument) {
    wire::RenderText("name", own ? std::string_view(media.name) : name, out);
  }
  WriteSource(media, own, out);
  for (const chat::Member& member : media.inner_extra) {
    if (own && member.key != kSource && member.key != kLocation) {
      out.Key(member.key).Raw(member.value);
    }
  }
  out.EndObject();
}

}  // namespace signalbox::bedrock
