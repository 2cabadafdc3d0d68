#include "vendors/dialects/ollama/media.h"

#include <string_view>
#include <utility>

#include "vendors/dialects/wire/data_url.h"

namespace signalbox::ollama {
namespace {

// How the Base64 of a file begins.
constexpr std::pair<std::string_view, std::string_view> kStarts[] = {
    {"/9j/", "image/jpeg"},
    {"iVBORw0KGgo", "image/png"},
    {"R0lGOD", "image/gif"},
    {"UklGR", "image/webp"},
};

}  // namespace

chat::Part ImageOf(std::string base64) {
  chat::Media image;
  image.url = std::move(base64);
  wire::SplitDataUrl(image);
  if (image.data.empty()) {
    image.data = std::move(image.url);
    image.url.clear();
  }
  for (const auto& [start, type] : kStarts) {
    if (image.media_type.empty() && image.data.starts_with(start)) {
      image.media_type = type;
    }
  }
  return {.content = std::move(image)};
}

}  // namespace signalbox::ollama
