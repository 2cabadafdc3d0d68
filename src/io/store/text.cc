#include "io/store/text.h"

#include <algorithm>

#include "base/json/utf8.h"

namespace signalbox::store {

bool IsStorableText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && json::IsUtf8(text);
}

std::string StorableText(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t good = std::min(text.find('\0'), json::FirstFlawInUtf8(text));
    out += text.substr(0, good);
    if (good >= text.size()) {
      break;
    }
    out += "\xEF\xBF\xBD";
    text.remove_prefix(good + 1);
  }
  return out;
}

std::string EscapeLike(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (const char character : text) {
    if (character == '%' || character == '_' || character == '\\') {
      out += '\\';
    }
    out += character;
  }
  return out;
}

}  // namespace signalbox::store
