#include "base/telemetry/label.h"

#include <algorithm>

namespace signalbox::telemetry {
namespace {

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Bytes of the well-formed character that starts `text`, 0 when it is none (Unicode 15, table 3-7).
std::size_t CharacterSize(std::string_view text) {
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return first >= 0x20 && first != 0x7f ? 1 : 0;
  }
  const std::size_t size = first >= 0xc2 && first <= 0xdf   ? 2
                           : first >= 0xe0 && first <= 0xef ? 3
                           : first >= 0xf0 && first <= 0xf4 ? 4
                                                            : 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) {
      return 0;
    }
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
  return overlong || beyond ? 0 : size;
}

}  // namespace

bool IsMetricName(std::string_view name) {
  return !name.empty() && !IsDigit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == ':'; });
}

bool IsLabelName(std::string_view name) {
  return IsMetricName(name) && !name.contains(':') && !name.starts_with("__");
}

std::string CleanLabelValue(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const std::size_t size = CharacterSize(value);
    const std::string_view next = size == 0 ? "?" : value.substr(0, size);
    if (out.size() + next.size() > kMaxLabelValueBytes) {
      break;
    }
    out += next;
    value.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

}  // namespace signalbox::telemetry
