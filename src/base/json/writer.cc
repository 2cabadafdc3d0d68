#include "base/json/writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/json/scanner.h"

namespace signalbox::json {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void AppendEscape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHexDigits[static_cast<std::uint8_t>(c) >> 4U];
      out += kHexDigits[static_cast<std::uint8_t>(c) & 0x0fU];
  }
}

// The first byte at or after `p` that needs an escape, or `end`.
const char* FindSpecial(const char* p, const char* end) {
  std::uint64_t high = 0;
  Window window = Look<Block>(p, end);
  while (window.size != 0 && window.special == 0) {
    p += window.size;
    window = LookFar<Block>(&p, end, &high);
  }
  return window.size == 0 ? end : p + std::countr_zero(window.special);
}

void AppendEscaped(std::string& out, const char* p, const char* special, const char* end) {
  while (true) {
    out.append(p, special);
    if (special == end) {
      return;
    }
    AppendEscape(out, *special);
    p = special + 1;
    special = FindSpecial(p, end);
  }
}

// `open` and `close` are the quotes with what stands beside them: one growth for all of it.
void AppendQuoted(std::string& out, std::string_view open, std::string_view text,
                  std::string_view close) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* const special = FindSpecial(begin, end);
  if (special != end) {
    out += open;
    AppendEscaped(out, begin, special, end);
    out += close;
    return;
  }
  const std::size_t old = out.size();
  const std::size_t whole = old + open.size() + text.size() + close.size();
  out.resize_and_overwrite(whole, [&](char* p, std::size_t) {
    p = std::copy(open.begin(), open.end(), p + old);
    p = std::copy(text.begin(), text.end(), p);
    std::copy(close.begin(), close.end(), p);
    return whole;  // libstdc++ 12 says in the second argument how much there is, which may be more
  });
}

template <typename T>
void AppendNumber(std::string& out, T value) {
  std::array<char, 32> digits;  // the longest double takes 24
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  AppendQuoted(out, "\"", text, "\"");
}

void Writer::Separate() {
  if (need_comma_) {
    out_ += ',';
  }
  need_comma_ = true;
}

Writer& Writer::BeginObject() {
  Separate();
  out_ += '{';
  need_comma_ = false;
  return *this;
}

Writer& Writer::EndObject() {
  out_ += '}';
  need_comma_ = true;
  return *this;
}

Writer& Writer::BeginArray() {
  Separate();
  out_ += '[';
  need_comma_ = false;
  return *this;
}

Writer& Writer::EndArray() {
  out_ += ']';
  need_comma_ = true;
  return *this;
}

Writer& Writer::Key(std::string_view key) {
  AppendQuoted(out_, need_comma_ ? ",\"" : "\"", key, "\":");
  need_comma_ = false;
  return *this;
}

Writer& Writer::String(std::string_view text) {
  AppendQuoted(out_, need_comma_ ? ",\"" : "\"", text, "\"");
  need_comma_ = true;
  return *this;
}

Writer& Writer::Int(std::int64_t value) {
  Separate();
  AppendNumber(out_, value);
  return *this;
}

Writer& Writer::Uint(std::uint64_t value) {
  Separate();
  AppendNumber(out_, value);
  return *this;
}

Writer& Writer::Double(double value) {
  if (!std::isfinite(value)) {
    return Null();
  }
  Separate();
  AppendNumber(out_, value);
  return *this;
}

Writer& Writer::Bool(bool value) {
  return Raw(value ? "true" : "false");
}

Writer& Writer::Null() {
  return Raw("null");
}

Writer& Writer::Raw(std::string_view json) {
  Separate();
  out_ += json;
  return *this;
}

}  // namespace signalbox::json
