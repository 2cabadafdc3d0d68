#include "vendors/dialects/wire/adapt_media.h"

#include <fmt/format.h>

#include "base/core/base64.h"
#include "base/json/utf8.h"

namespace signalbox::wire {
namespace {

bool IsTextual(const chat::Media& media) {
  const std::string_view type = media.media_type;
  if (type.empty()) {
    return media.name.ends_with(".txt") || media.name.ends_with(".md");
  }
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/xml");
}

bool Opens(const chat::Media& media, const Dialect& to) {
  return media.url.empty() || media.url.starts_with("https://") ||
         media.url.starts_with("http://") || to.TakesUri(media.url);
}

// What was said of the document beside its words is named as dropped with the part.
void BecomeText(std::string text, chat::Part& part) {
  auto& media = std::get<chat::Media>(part.content);
  if (!media.name.empty()) {
    text.insert(0, media.name + "\n\n");
  }
  for (chat::Member& member : media.inner_extra) {
    part.extra.push_back(std::move(member));
  }
  part.content = chat::Text{.text = std::move(text), .citations = {}};
}

}  // namespace

std::optional<std::string> TextOfDocument(const chat::Media& media) {
  if (media.kind != chat::MediaKind::kDocument || media.data.empty() || !IsTextual(media)) {
    return std::nullopt;
  }
  auto text = core::FromBase64(media.data);
  return text && json::IsUtf8(*text) ? std::move(text) : std::nullopt;
}

core::Status AdaptMedia(std::vector<chat::Part>& parts, const std::string& path,
                        const Dialect& to) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (auto* result = std::get_if<chat::ToolResult>(&parts[i].content)) {
      if (!result->parts.empty()) {
        SB_CHECK_OK(AdaptMedia(result->parts, fmt::format("{}.content[{}]", path, i), to));
      }
      continue;
    }
    const auto* media = std::get_if<chat::Media>(&parts[i].content);
    if (media == nullptr) {
      continue;
    }
    if (!Opens(*media, to)) {
      const std::string place = fmt::format("{}.content[{}]", path, i);
      return core::Fail(core::ErrorCode::kInvalidRequest,
                        fmt::format("{}: {} cannot open {}; https:// or the bytes are needed",
                                    place, to.title(), media->url),
                        place);
    }
    if (!to.TakesTextDocuments()) {
      if (auto text = TextOfDocument(*media)) {
        BecomeText(*std::move(text), parts[i]);
      }
    }
  }
  return {};
}

}  // namespace signalbox::wire
