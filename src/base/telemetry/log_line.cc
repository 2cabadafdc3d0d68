#include "base/telemetry/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace signalbox::telemetry {
namespace {

constexpr std::size_t kMaxValueBytes = 1024;

std::string_view Name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    default:
      return "error";
  }
}

// Masked, and cut between two characters.
std::string Clean(std::string_view text) {
  std::string out = Redact(text.substr(0, 2 * kMaxValueBytes));
  if (out.size() > kMaxValueBytes) {
    std::size_t end = kMaxValueBytes;
    while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) {
      --end;
    }
    out.resize(end);
    out += "...";
  }
  return out;
}

void Quote(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

void PutValue(std::string& out, const Field& field) {
  std::visit(
      [&out](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
          Quote(out, Clean(value));
        } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
          out += std::isfinite(value) ? fmt::format("{}", value) : std::string("null");
        } else {
          fmt::format_to(std::back_inserter(out), "{}", value);
        }
      },
      field.value);
}

}  // namespace

std::string JsonLine(core::WallTime time, Level level, std::string_view message,
                     std::initializer_list<Field> fields) {
  std::string out =
      fmt::format(R"({{"time":"{}","level":"{}","message":)", core::Iso8601(time), Name(level));
  Quote(out, Clean(message));
  bool whole = true;
  for (const Field& field : fields) {
    std::string more = ",";
    Quote(more, field.key);
    more += ':';
    PutValue(more, field);
    whole = whole && out.size() + more.size() + 24 < kMaxLineBytes;
    if (whole) {
      out += more;
    }
  }
  out += whole ? "}\n" : ",\"truncated\":true}\n";
  return out;
}

std::string HumanLine(core::WallTime time, Level level, std::string_view message,
                      std::initializer_list<Field> fields) {
  std::string quoted;
  Quote(quoted, Clean(message));
  std::string out = fmt::format("{} {:<5} {}", core::Iso8601(time).substr(11, 12), Name(level),
                                std::string_view(quoted).substr(1, quoted.size() - 2));
  for (const Field& field : fields) {
    fmt::format_to(std::back_inserter(out), "  {}=", field.key);
    PutValue(out, field);
  }
  out.resize(std::min(out.size(), kMaxLineBytes - 1));
  out += '\n';
  return out;
}

}  // namespace signalbox::telemetry
