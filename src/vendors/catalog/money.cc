#include "vendors/catalog/money.h"

#include <array>
#include <charconv>
#include <limits>

namespace signalbox::catalog {
namespace {

constexpr int kMostDigits = 30;  // of a mantissa; more are refused

struct Decimal {
  std::string digits;  // without leading zeros
  int exponent = 0;    // the value is digits × 10^exponent
};

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<int> ReadExponent(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
  }
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= -40 && value <= 40 ? std::optional(value) : std::nullopt;
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  Decimal out;
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) {
    const auto exponent = ReadExponent(text.substr(e + 1));
    if (!exponent) {
      return std::nullopt;
    }
    out.exponent = *exponent;
    text = text.substr(0, e);
  }
  bool any = false;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (IsDigit(c)) {
      any = true;
      out.exponent -= point ? 1 : 0;
      if (!out.digits.empty() || c != '0') {
        out.digits += c;
      }
    } else {
      return std::nullopt;
    }
  }
  const bool fits = any && out.digits.size() <= kMostDigits;
  return fits ? std::optional(std::move(out)) : std::nullopt;
}

struct Scaled {
  PicoUsd whole = 0;
  bool exact = true;
  bool half = false;  // what is cut off is a half or more
};

// digits × 10^shift; nullopt when above kHighestPrice.
std::optional<Scaled> Scale(const std::string& digits, int shift) {
  const auto size = static_cast<int>(digits.size());
  const int kept = shift >= 0 ? size : std::max(0, size + shift);
  Scaled out;
  for (int i = 0; i < (digits.empty() ? 0 : kept + std::max(0, shift)); ++i) {
    out.whole = out.whole * 10 + (i < size ? digits[static_cast<std::size_t>(i)] - '0' : 0);
    if (out.whole > kHighestPrice) {
      return std::nullopt;
    }
  }
  const std::string_view cut = std::string_view(digits).substr(static_cast<std::size_t>(kept));
  out.exact = cut.find_first_not_of('0') == std::string_view::npos;
  out.half = !cut.empty() && cut[0] >= '5' && size + shift >= 0;
  return out;
}

std::optional<Scaled> Read(std::string_view text, Per per) {
  const auto decimal = ReadDecimal(text);
  return decimal ? Scale(decimal->digits, decimal->exponent + static_cast<int>(per)) : std::nullopt;
}

std::string Text(std::int64_t count, std::size_t decimals) {
  std::array<char, std::numeric_limits<std::int64_t>::digits10> fraction;
  for (std::size_t i = decimals; i > 0; --i) {
    fraction[i - 1] = static_cast<char>('0' + count % 10);
    count /= 10;
  }
  std::string text = std::to_string(count);
  const std::size_t last = std::string_view(fraction.data(), decimals).find_last_not_of('0');
  if (last != std::string_view::npos) {
    text += '.';
    text.append(fraction.data(), last + 1);
  }
  return text;
}

}  // namespace

std::optional<PicoUsd> ReadUsd(std::string_view text, Per per) {
  const auto scaled = Read(text, per);
  return scaled && scaled->exact ? std::optional(scaled->whole) : std::nullopt;
}

std::optional<PicoUsd> ReadUsdRounded(std::string_view text, Per per) {
  const auto scaled = Read(text, per);
  return scaled ? std::optional(scaled->whole + (scaled->half ? 1 : 0)) : std::nullopt;
}

std::string UsdText(PicoUsd price, Per per) {
  return Text(price, static_cast<std::size_t>(per));
}

std::string UsdText(NanoUsd amount) {
  return amount.count < 0 ? "-" + Text(-amount.count, 9) : Text(amount.count, 9);
}

}  // namespace signalbox::catalog
