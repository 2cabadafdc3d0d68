// JSON that is carried, not understood: unknown members, schemas, numbers as they were written.
//
// Owner: the value that holds it. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace signalbox::chat {

// A complete JSON value as its sender wrote it; empty: absent.
using RawJson = std::string;

// A member that the canonical form has no field for.
struct Member {
  std::string key;  // unescaped
  RawJson value;

  friend bool operator==(const Member&, const Member&) = default;
};

// The unknown members of one object, in their order. They go back out where they came in, and only
// to the dialect that they came from.
using Extra = std::vector<Member>;

// A number in the digits of its sender, so that 0.10 stays 0.10.
struct Number {
  std::string written;  // a JSON number

  static Number Of(double value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    return {std::string(digits, end)};
  }
  double value() const {
    double number = 0;
    std::from_chars(written.data(), written.data() + written.size(), number);
    return number;
  }
  friend bool operator==(const Number&, const Number&) = default;
};

// "The prompt up to and including this is worth caching." Anthropic's and OpenRouter's
// cache_control, Bedrock's cachePoint.
struct CacheMarker {
  std::string type = "ephemeral";
  std::string ttl;  // as the vendor writes it ("5m", "1h"); empty: the vendor's default
  Extra extra;

  friend bool operator==(const CacheMarker&, const CacheMarker&) = default;
};

}  // namespace signalbox::chat
