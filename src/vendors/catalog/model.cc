#include "vendors/catalog/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "vendors/catalog/cost.h"

namespace signalbox::catalog {
namespace {

using Names = std::string_view;

constexpr auto kModes =
    std::to_array<Names>({"chat", "responses", "completion", "embedding", "rerank", "image",
                          "transcription", "speech", "realtime", "video", "moderation", "other"});
constexpr auto kClasses = std::to_array<Names>({"unknown", "low", "medium", "high"});
constexpr auto kPrivacies = std::to_array<Names>({"unknown", "cloud", "local"});

template <typename E, std::size_t N>
std::optional<E> Find(const std::array<Names, N>& names, Names name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt : std::optional(static_cast<E>(found - names.begin()));
}

std::optional<int> Digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text[0] != '-';
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string_view Name(Mode mode) {
  return kModes[static_cast<std::size_t>(mode)];
}
std::string_view Name(Class grade) {
  return kClasses[static_cast<std::size_t>(grade)];
}
std::string_view Name(Privacy privacy) {
  return kPrivacies[static_cast<std::size_t>(privacy)];
}
std::optional<Mode> FindMode(std::string_view name) {
  return Find<Mode>(kModes, name);
}
std::optional<Class> FindClass(std::string_view name) {
  return Find<Class>(kClasses, name);
}
std::optional<Privacy> FindPrivacy(std::string_view name) {
  return Find<Privacy>(kPrivacies, name);
}

const Price* Model::PriceAt(std::chrono::system_clock::time_point when) const {
  const Price* best = prices.empty() ? nullptr : &prices.front();
  for (const Price& price : prices) {
    if (price.from() && *price.from() <= when) {
      best = &price;
    }
  }
  return best != nullptr && best->known() ? best : nullptr;
}

std::optional<NanoUsd> Model::CostOf(const chat::Usage& usage,
                                     std::chrono::system_clock::time_point when,
                                     ServiceTier tier) const {
  const Price* price = PriceAt(when);
  return price != nullptr ? Cost(*price, usage, tier) : std::nullopt;
}

std::optional<std::chrono::sys_days> ReadDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  // Further days do not fit the clock's nanoseconds, and no price is that old.
  if (!year || *year < 1970 || *year > 2199 || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

std::string DayText(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace signalbox::catalog
