#include "vendors/dialects/gemini/base64.h"

#include <algorithm>
#include <cstring>

#include "base/core/base64.h"

namespace signalbox::gemini {

void ToStandardBase64(std::string& data) {
  const bool urlsafe = std::memchr(data.data(), '-', data.size()) != nullptr ||
                       std::memchr(data.data(), '_', data.size()) != nullptr;
  if (urlsafe) {
    std::ranges::replace(data, '-', '+');
    std::ranges::replace(data, '_', '/');
    data.append((4 - data.size() % 4) % 4, '=');
  }
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string standard(text);
  ToStandardBase64(standard);
  return core::FromBase64(standard);
}

}  // namespace signalbox::gemini
