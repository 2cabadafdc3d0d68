#include "vendors/dialects/wire/limit_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "io/net/http_head.h"

namespace signalbox::wire {
namespace {

using Of = LimitField::Of;
using What = LimitField::What;
using std::chrono::milliseconds;

constexpr std::string_view kAnthropic = "anthropic";
constexpr std::string_view kAnthropicStart = "anthropic-ratelimit-";
constexpr std::string_view kOpenAiStart = "x-ratelimit-";

constexpr std::pair<std::string_view, Of> kSubjects[] = {
    {"requests", Of::kRequests},
    {"tokens", Of::kTokens},
    {"input-tokens", Of::kInputTokens},
    {"output-tokens", Of::kOutputTokens},
};
constexpr std::pair<std::string_view, What> kWhats[] = {
    {"limit", What::kLimit},
    {"remaining", What::kRemaining},
    {"reset", What::kReset},
};

template <typename T, std::size_t size>
std::optional<T> Named(const std::pair<std::string_view, T> (&rows)[size], std::string_view name) {
  for (const auto& [word, value] : rows) {
    if (word == name) {
      return value;
    }
  }
  return std::nullopt;
}

bool StartsWith(std::string_view name, std::string_view start) {
  return net::EqualsIgnoreCase(name.substr(0, start.size()), start);
}

// "6m0s", "1.5s", "20ms", "2h", or seconds without a unit.
std::optional<milliseconds> ReadDuration(std::string_view text) {
  milliseconds sum{0};
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0 || number > 1e9) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t letters = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, letters);
    text.remove_prefix(letters);
    const double scale = unit == "ms"                  ? 1
                         : unit.empty() || unit == "s" ? 1e3
                         : unit == "m"                 ? 6e4
                         : unit == "h"                 ? 3.6e6
                         : unit == "d"                 ? 8.64e7
                                                       : -1;
    if (scale < 0) {
      return std::nullopt;
    }
    sum += milliseconds(static_cast<std::int64_t>(number * scale));
  }
  return sum;
}

// RFC 3339 in UTC, "2026-11-21T13:00:00Z", with or without a fraction.
std::optional<core::WallTime> ReadMoment(std::string_view text) {
  const auto number = [&](std::size_t at, std::size_t size) -> int {
    int value = -1;
    if (at + size <= text.size()) {
      std::from_chars(text.data() + at, text.data() + at + size, value);
    }
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  const int hour = number(11, 2);
  const int minute = number(14, 2);
  const int second = number(17, 2);
  if (!day.ok() || hour < 0 || minute < 0 || second < 0 || !text.ends_with('Z')) {
    return std::nullopt;
  }
  return std::chrono::sys_days(day) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// "1.5s": three digits of a second to a minute.
std::string SecondsText(milliseconds time) {
  constexpr std::int64_t kTenSeconds = 1000;  // in hundredths
  std::int64_t hundredths = (time.count() + 5) / 10;
  if (hundredths >= kTenSeconds) {
    hundredths = (time.count() + 50) / 100 * 10;
  }
  std::string text = std::to_string(hundredths / 100);
  if (const std::int64_t rest = hundredths % 100; rest != 0) {
    text += '.';
    text += static_cast<char>('0' + rest / 10);
    if (rest % 10 != 0) {
      text += static_cast<char>('0' + rest % 10);
    }
  }
  return text + 's';
}

// Each answer under a limit has two of these, so nothing here reads a format or a fraction.
std::string DurationText(milliseconds time) {
  const std::int64_t seconds = time.count() / 1000;
  if (time.count() < 1000) {
    return std::to_string(time.count()) + "ms";
  }
  if (seconds < 60) {
    return SecondsText(time);
  }
  std::string text;
  if (seconds >= 3600) {
    text = std::to_string(seconds / 3600) + 'h';
  }
  return text + std::to_string(seconds / 60 % 60) + 'm' + std::to_string(seconds % 60) + 's';
}

// By subject and by what is said of it.
using FieldNames = std::array<std::array<std::string, std::size(kWhats)>, std::size(kSubjects)>;

FieldNames NamesOf(std::string_view dialect) {
  FieldNames names;
  for (const auto& [of, subject] : kSubjects) {
    for (const auto& [what, kind] : kWhats) {
      names[static_cast<std::size_t>(subject)][static_cast<std::size_t>(kind)] =
          dialect == kAnthropic ? fmt::format("{}{}-{}", kAnthropicStart, of, what)
                                : fmt::format("{}{}-{}", kOpenAiStart, what, of);
    }
  }
  return names;
}

}  // namespace

std::optional<LimitField> ReadLimitField(std::string_view name, std::string_view value,
                                         core::WallTime now) {
  if (!StartsWith(name, kOpenAiStart) && !StartsWith(name, kAnthropicStart)) {
    return std::nullopt;  // as most fields do
  }
  std::string lower(name);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  const std::string_view text = lower;
  std::optional<Of> of;
  std::optional<What> what;
  if (text.starts_with(kOpenAiStart)) {  // x-ratelimit-remaining-tokens
    const std::string_view rest = text.substr(kOpenAiStart.size());
    const std::size_t dash = rest.find('-');
    what = Named(kWhats, rest.substr(0, dash));
    of = Named(kSubjects, dash == rest.npos ? "requests" : rest.substr(dash + 1));
  } else if (text.starts_with(kAnthropicStart)) {  // anthropic-ratelimit-tokens-remaining
    const std::string_view rest = text.substr(kAnthropicStart.size());
    const std::size_t dash = rest.rfind('-');
    if (dash != rest.npos) {
      of = Named(kSubjects, rest.substr(0, dash));
      what = Named(kWhats, rest.substr(dash + 1));
    }
  }
  if (!of || !what) {
    return std::nullopt;
  }
  LimitField field{.of = *of, .what = *what, .count = {}};
  if (*what != What::kReset) {
    field.count = std::string(value);
    return field;
  }
  if (const auto moment = ReadMoment(value)) {
    field.reset = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*moment - now));
    return field;
  }
  const auto wait = ReadDuration(value);
  if (!wait) {
    return std::nullopt;
  }
  field.reset = *wait;
  return field;
}

std::string_view LimitFieldName(const LimitField& field, std::string_view dialect) {
  static const FieldNames kAnthropicNames = NamesOf(kAnthropic);
  static const FieldNames kOpenAiNames = NamesOf({});
  const FieldNames& names = dialect == kAnthropic ? kAnthropicNames : kOpenAiNames;
  return names[static_cast<std::size_t>(field.of)][static_cast<std::size_t>(field.what)];
}

std::string LimitFieldValue(const LimitField& field, std::string_view dialect, core::WallTime now) {
  if (field.what != What::kReset) {
    return field.count;
  }
  return dialect == kAnthropic
             ? core::Iso8601(std::chrono::ceil<std::chrono::seconds>(now + field.reset))
             : DurationText(field.reset);
}

}  // namespace signalbox::wire
