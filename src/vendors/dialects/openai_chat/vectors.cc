#include "vendors/dialects/openai_chat/vectors.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/core/base64.h"
#include "base/json/document.h"
#include "base/json/writer.h"

namespace signalbox::openai_chat {
namespace {

static_assert(std::endian::native == std::endian::little);

chat::RawJson Encoded(const json::Value& list) {
  std::string bytes;
  json::ForEachElement(list, [&](const json::Value& number) {
    const auto value = static_cast<float>(number.AsDouble().value_or(0));
    std::array<char, sizeof value> raw;
    std::memcpy(raw.data(), &value, sizeof value);
    bytes.append(raw.data(), raw.size());
  });
  return '"' + core::ToBase64(bytes) + '"';
}

chat::RawJson Decoded(std::string_view text) {
  const std::string bytes = core::FromBase64(text).value_or("");
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
