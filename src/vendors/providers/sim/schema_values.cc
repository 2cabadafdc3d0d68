#include "vendors/providers/sim/schema_values.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "vendors/providers/sim/pattern_sample.h"
#include "vendors/providers/sim/script_run.h"

namespace signalbox::sim {
namespace {

struct Named {
  std::string_view key;
  std::string_view value;
};

constexpr std::array kByFormat = std::to_array<Named>({
    {"date-time", "2026-01-15T09:30:00Z"},
    {"date", "2026-01-15"},
    {"time", "09:30:00Z"},
    {"duration", "PT30M"},
    {"email", "ada@example.com"},
    {"hostname", "example.com"},
    {"ipv4", "192.0.2.1"},
    {"ipv6", "2001:db8::1"},
    {"uri", "https://example.com/"},
    {"uri-reference", "/index"},
    {"uuid", "6f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"},
    {"regex", "^a+$"},
    {"json-pointer", "/a"},
});

// The first whose key is part of the property's name counts.
constexpr std::array kByName = std::to_array<Named>({
    {"email", "ada@example.com"},
    {"url", "https://example.com/"},
    {"city", "Paris"},
    {"location", "Paris"},
    {"country", "France"},
    {"currency", "EUR"},
    {"language", "English"},
    {"unit", "celsius"},
    {"date", "2026-01-15"},
    {"time", "09:30"},
    {"phone", "+33 1 99 00 12 34"},
    {"path", "notes.txt"},
    {"file", "notes.txt"},
    {"name", "Ada"},
    {"title", "A sample title"},
    {"summary", "A short summary."},
    {"description", "A short description."},
    {"reason", "Because it fits."},
    {"query", "signalbox"},
    {"id", "a1"},
    {"code", "A1"},
});

template <std::size_t kSize>
std::optional<std::string> Find(const std::array<Named, kSize>& table, auto matches) {
  const auto found = std::ranges::find_if(table, matches);
  return found == table.end() ? std::nullopt : std::optional(std::string(found->value));
}

bool Contains(std::string_view name, std::string_view word) {
  return std::ranges::search(name, word, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         }).begin() != name.end();
}

std::optional<std::string> ByPattern(const TextWish& wish, std::uint64_t draw) {
  constexpr std::uint32_t kMaxExtra = 4096;
  constexpr std::uint32_t kOneByOne = 64;
  for (std::uint32_t extra = 0; extra <= kMaxExtra;
       extra = extra < kOneByOne ? extra + 1 : extra * 2) {
    auto text = SamplePattern(*wish.pattern, draw, extra);
    if (!text || (text->size() >= wish.min_length && text->size() <= wish.max_length)) {
      return text;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string SampleText(const TextWish& wish, std::uint64_t draw) {
  if (wish.pattern) {
    if (auto text = ByPattern(wish, draw)) {
      return *std::move(text);
    }
  }
  if (auto text = Find(kByFormat, [&](const Named& n) { return n.key == wish.format; })) {
    return *std::move(text);
  }
  auto text = Find(kByName, [&](const Named& n) { return Contains(wish.name, n.key); })
                  .value_or(wish.name.empty() ? fmt::format("sample {}", draw % 100)
                                              : fmt::format("sample {}", wish.name));
  while (text.size() < wish.min_length) {
    text += static_cast<char>('a' + text.size() % 26);
  }
  if (text.size() > wish.max_length) {
    std::size_t end = wish.max_length;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
      --end;  // not inside a character of the property's name
    }
    text.resize(end);
    text.resize(std::max(text.size(), wish.min_length), 'x');
  }
  return text;
}

std::string SampleNumber(const NumberWish& wish, std::uint64_t draw) {
  constexpr double kSpan = 100;
  constexpr double kExact = 9e15;  // whole numbers below it are exact
  const double step = wish.step > 0 ? wish.step : wish.integer ? 1 : 0;
  double low = wish.least.value_or(wish.most && *wish.most < 1 ? *wish.most - kSpan : 1);
  if (wish.least && !wish.most) {
    low = *wish.least;
  }
  const double high = std::min(wish.most.value_or(low + kSpan), low + kSpan);
  if (step == 0) {
    const double hundredths = std::round((high - low) * 100) / 100;
    const double inside = low + hundredths * static_cast<double>(1 + draw % 98) / 100;
    const double tidy = std::round(inside * 100) / 100;
    const bool fits = tidy > low && tidy < high;
    return fmt::format("{}", fits ? tidy : low == high ? low : low + (high - low) / 2);
  }
  double first = std::ceil(low / step);
  double last = std::floor(high / step);
  first += wish.above_least && wish.least && first * step == *wish.least ? 1 : 0;
  last -= wish.below_most && wish.most && last * step == *wish.most ? 1 : 0;
  if (!(std::abs(first) < kExact && std::abs(last) < kExact)) {
    return fmt::format("{}", std::isfinite(low) ? low : 1.0);
  }
  const auto choices = static_cast<std::uint64_t>(std::max(0.0, last - first)) + 1;
  const double value = (first + static_cast<double>(draw % choices)) * step;
  if (value == std::floor(value) && std::abs(value) < kExact) {
    return fmt::format("{}", static_cast<std::int64_t>(value));
  }
  return fmt::format("{}", std::round(value * 1e9) / 1e9);
}

}  // namespace signalbox::sim
