#include "vendors/dialects/wire/data_url.h"

#include <string_view>

namespace signalbox::wire {
namespace {

constexpr std::string_view kScheme = "data:";
constexpr std::string_view kCoding = ";base64,";

}  // namespace

void SplitDataUrl(chat::Media& media) {
  const std::string_view url = media.url;
  if (!url.starts_with(kScheme)) {
    return;
  }
  const std::size_t comma = url.find(',');
  const std::size_t coding = url.find(kCoding);
  if (comma == std::string_view::npos || coding == std::string_view::npos ||
      coding + kCoding.size() != comma + 1 || coding == kScheme.size()) {
    return;
  }
  media.media_type = std::string(url.substr(kScheme.size(), coding - kScheme.size()));
  media.data = std::string(url.substr(comma + 1));
  media.url.clear();
}

std::string UrlOf(const chat::Media& media) {
  if (!media.url.empty()) {
    return media.url;
  }
  if (media.media_type.empty()) {
    return media.data;
  }
  std::string url;
  url.reserve(kScheme.size() + media.media_type.size() + kCoding.size() + media.data.size());
  url.append(kScheme).append(media.media_type).append(kCoding).append(media.data);
  return url;
}

}  // namespace signalbox::wire
