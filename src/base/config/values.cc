#include "base/config/values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace signalbox::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Largest first, so that printing finds the shortest exact form.
constexpr std::array<Unit, 6> kDurationUnits = {{{"d", 86'400'000'000'000},
                                                 {"h", 3'600'000'000'000},
                                                 {"m", 60'000'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"ms", 1'000'000},
                                                 {"us", 1'000}}};
constexpr std::array<Unit, 9> kSizeUnits = {{{"TiB", 1ULL << 40},
                                             {"GiB", 1ULL << 30},
                                             {"MiB", 1ULL << 20},
                                             {"KiB", 1ULL << 10},
                                             {"TB", 1'000'000'000'000},
                                             {"GB", 1'000'000'000},
                                             {"MB", 1'000'000},
                                             {"KB", 1'000},
                                             {"B", 1}}};

template <std::size_t N>
std::optional<std::uint64_t> ParseWithUnit(std::string_view text, const std::array<Unit, N>& units,
                                           std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  for (const Unit& candidate : units) {
    if (candidate.name == unit) {
      return number <= max / candidate.factor ? std::optional(number * candidate.factor)
                                              : std::nullopt;
    }
  }
  return std::nullopt;
}

// How many bytes the UTF-8 character at `text[at]` has, 0 when it is not well formed.
std::size_t CharacterSize(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return tail(1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool too_far = first == 0xF4 && byte(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !too_far ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  const auto count = ParseWithUnit(text, kDurationUnits, std::numeric_limits<std::int64_t>::max());
  return count ? std::optional(std::chrono::nanoseconds(static_cast<std::int64_t>(*count)))
               : std::nullopt;
}

std::string DurationText(std::chrono::nanoseconds duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  if (count == 0) {
    return "0s";
  }
  for (const Unit& unit : kDurationUnits) {
    if (count % unit.factor == 0) {
      return fmt::format("{}{}", count / unit.factor, unit.name);
    }
  }
  return fmt::format("{}us", count / 1'000);
}

std::optional<ByteSize> ParseByteSize(std::string_view text) {
  const auto bytes = ParseWithUnit(text, kSizeUnits, std::numeric_limits<std::int64_t>::max());
  return bytes ? std::optional(ByteSize{*bytes}) : std::nullopt;
}

std::string ByteSizeText(ByteSize size) {
  for (const Unit& unit : kSizeUnits) {
    if (size.bytes != 0 && size.bytes % unit.factor == 0) {
      return fmt::format("{}{}", size.bytes / unit.factor, unit.name);
    }
  }
  return "0B";
}

bool IsUtf8(std::string_view text, std::size_t* bad) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = CharacterSize(text, at);
    if (size == 0) {
      if (bad != nullptr) {
        *bad = at;
      }
      return false;
    }
    at += size;
  }
  return true;
}

}  // namespace signalbox::config
