#include "base/json/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace signalbox::json {
namespace {

// Position of the leading digit that is not zero, as a power of ten: 2 for 345, -3 for 0.0012.
// Saturates far outside of what a double can hold.
std::int64_t Magnitude(std::string_view number) {
  constexpr std::int64_t kFar = 1'000'000'000'000;
  const std::size_t e = std::min(number.find_first_of("eE"), number.size());
  const std::string_view digits = number.substr(0, e);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = std::min(digits.find_first_of("123456789"), digits.size());
  std::int64_t exponent = 0;
  if (e < number.size()) {
    std::string_view written = number.substr(e + 1);
    written.remove_prefix(written.front() == '+' ? 1 : 0);
    const auto end = written.data() + written.size();
    if (std::from_chars(written.data(), end, exponent).ec != std::errc()) {
      exponent = written.front() == '-' ? -kFar : kFar;
    }
    exponent = std::clamp(exponent, -kFar, kFar);
  }
  const auto gap = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  return exponent + (gap > 0 ? gap - 1 : gap);
}

}  // namespace

std::optional<std::int64_t> ToInt(std::string_view number) {
  std::int64_t value = 0;
  const char* const end = number.data() + number.size();
  const auto [at, error] = std::from_chars(number.data(), end, value);
  return error == std::errc() && at == end ? std::optional(value) : std::nullopt;
}

std::optional<double> ToDouble(std::string_view number) {
  double value = 0;
  const auto [at, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error == std::errc()) {
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
  }
  if (Magnitude(number) > 0) {
    return std::nullopt;
  }
  return number.front() == '-' ? -0.0 : 0.0;
}

}  // namespace signalbox::json
