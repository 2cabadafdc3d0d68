#include "vendors/dialects/openai_chat/vectors.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::openai_chat {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(std::endian::native == std::endian::little);

std::string ToBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (unsigned digit = 0; digit < 4; ++digit) {
      const bool beyond = i + digit > bytes.size();
      out += beyond ? '=' : kDigits[bits >> (18 - 6 * digit) & 0x3fU];
    }
  }
  return out;
}

std::string FromBase64(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      break;
    }
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xffU);
    }
  }
  return out;
}

chat::RawJson Encoded(const json::Value& list) {
  std::string bytes;
  json::ForEachElement(list, [&](const json::Value& number) {
    const auto value = static_cast<float>(number.AsDouble().value_or(0));
    std::array<char, sizeof value> raw;
    std::memcpy(raw.data(), &value, sizeof value);
    bytes.append(raw.data(), raw.size());
  });
  return '"' + ToBase64(bytes) + '"';
}

chat::RawJson Decoded(std::string_view text) {
  const std::string bytes = FromBase64(text);
  std::string out;
  json::Writer writer(out);
  writer.BeginArray();
  for (std::size_t i = 0; i + sizeof(float) <= bytes.size(); i += sizeof(float)) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i, sizeof value);
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    writer.Raw(std::isfinite(value) ? std::string_view(digits.data(), end) : "null");
  }
  writer.EndArray();
  return out;
}

}  // namespace

chat::RawJson InEncoding(const chat::RawJson& vector, std::string_view encoding) {
  const bool is_list = vector.starts_with('[');
  json::Document document;
  if (encoding == "base64" && is_list && document.Parse(vector)) {
    return Encoded(document.Root());
  }
  if (encoding == "float" && !is_list && document.Parse(vector) && document.Root().IsString()) {
    return Decoded(*document.Root().AsString());
  }
  return vector;
}

}  // namespace signalbox::openai_chat
