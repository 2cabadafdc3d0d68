// The kinds of value that configuration has beyond numbers and text.
//
// Owner:   the options struct that holds them. Threads: plain data.
// Errors:  Parse… answers nullopt; the table knows how to say what was expected.
// Cancel:  nothing waits.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace signalbox::config {

// A number of bytes, written with its unit: 512B, 64KiB, 32MiB, 1GB.
struct ByteSize {
  std::uint64_t bytes = 0;
  friend auto operator<=>(const ByteSize&, const ByteSize&) = default;
};
constexpr ByteSize KiB(std::uint64_t n) {
  return {n << 10};
}
constexpr ByteSize MiB(std::uint64_t n) {
  return {n << 20};
}
constexpr ByteSize GiB(std::uint64_t n) {
  return {n << 30};
}

// 127.0.0.1:8080, localhost:0, [::1]:8080 (the host is kept without its brackets).
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
  std::string Text() const;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

// scheme://host[:port][/path][?query]. A user part is kept apart and never part of `text`.
struct Url {
  std::string text;        // as it was written, without the user part
  std::string scheme;      // lower case
  std::string user;        // "user:password" as written; only options marked secret may have one
  std::string host;        // without brackets
  std::uint16_t port = 0;  // the scheme's usual port when none was written; 0 if it has none
  std::string path;        // with its leading slash and query; empty when there is none
  friend bool operator==(const Url&, const Url&) = default;
};

// Text that nobody prints. It has no stream operator and no formatter on purpose.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  bool empty() const { return text_.empty(); }
  const std::string& Reveal() const { return text_; }
  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string text_;
};

// "300ms", "10s", "5m", "2h", "7d", "250us"; whole numbers only.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);
std::optional<ByteSize> ParseByteSize(std::string_view text);
std::optional<HostPort> ParseHostPort(std::string_view text);
std::optional<Url> ParseUrl(std::string_view text);

// The shortest exact form, e.g. 90s but 5m; 64KiB but 1000B. Parse… reads it back equal.
std::string DurationText(std::chrono::nanoseconds duration);
std::string ByteSizeText(ByteSize size);

// Well-formed UTF-8 (RFC 3629). Where not, `*bad` is the offset of the first wrong byte.
bool IsUtf8(std::string_view text, std::size_t* bad = nullptr);

}  // namespace signalbox::config
