// Typed, sortable, prefixed identifiers: 128 bits laid out as UUIDv7 (RFC 9562), written as
// `req_` and 32 lower-case hexadecimal digits, so that text order is time order.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/random.h"
#include "base/core/time.h"

namespace signalbox::core {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // Milliseconds of `now` in the first 48 bits, 74 random bits from `random`.
  static Uuid V7(WallTime now, Random& random);
  // What V7 put into it.
  WallTime Time() const;
  // 32 lower-case hexadecimal digits into `out`.
  void ToHex(char* out) const;
  static std::optional<Uuid> FromHex(std::string_view hex);

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

// An identifier of one kind; `Tag::kPrefix` is its prefix with the underscore.
template <typename Tag>
struct Id {
  Uuid uuid;

  static constexpr std::size_t kTextSize = Tag::kPrefix.size() + 32;

  static Id New(WallTime now, Random& random) { return {Uuid::V7(now, random)}; }

  void AppendTo(std::string& out) const {
    const std::size_t start = out.size();
    out.resize(start + kTextSize);
    Write(out.data() + start);
  }
  // Writes kTextSize characters.
  void Write(char* out) const {
    std::memcpy(out, Tag::kPrefix.data(), Tag::kPrefix.size());
    uuid.ToHex(out + Tag::kPrefix.size());
  }
  std::string Text() const {
    std::string out;
    AppendTo(out);
    return out;
  }
  static std::optional<Id> Parse(std::string_view text) {
    if (!text.starts_with(Tag::kPrefix)) {
      return std::nullopt;
    }
    const auto uuid = Uuid::FromHex(text.substr(Tag::kPrefix.size()));
    return uuid ? std::optional<Id>(Id{*uuid}) : std::nullopt;
  }

  friend auto operator<=>(const Id&, const Id&) = default;
};

struct RequestTag {
  static constexpr std::string_view kPrefix = "req_";
};
using RequestId = Id<RequestTag>;

}  // namespace signalbox::core
