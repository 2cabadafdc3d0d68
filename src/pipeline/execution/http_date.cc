#include "pipeline/execution/http_date.h"

#include <array>

namespace signalbox::execution {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr int kFirstYear = 1900;  // nanoseconds since 1970 reach from 1678 to 2262
constexpr int kLastYear = 2200;

struct Parts {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// Reads a text from its beginning; once something is missing it stays failed.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int Digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = i < rest_.size() ? rest_[i] : ' ';
      if (c < '0' || c > '9') {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void Literal(std::string_view text) {
    if (!Skip(text)) {
      ok_ = false;
    }
  }
  bool Skip(std::string_view text) {
    if (!rest_.starts_with(text)) {
      return false;
    }
    rest_.remove_prefix(text.size());
    return true;
  }
  int Month() {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (Skip(kMonths[i])) {
        return static_cast<int>(i) + 1;
      }
    }
    ok_ = false;
    return 0;
  }
  void Clock(Parts& out) {
    out.hour = Digits(2);
    Literal(":");
    out.minute = Digits(2);
    Literal(":");
    out.second = Digits(2);
  }
  // ".25" in nanoseconds; digits after the ninth are dropped.
  std::chrono::nanoseconds Fraction() {
    std::int64_t nanos = 0;
    std::int64_t scale = 100'000'000;
    bool any = false;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      nanos += scale * (rest_.front() - '0');
      scale /= 10;
      any = true;
      rest_.remove_prefix(1);
    }
    ok_ = ok_ && any;
    return std::chrono::nanoseconds(nanos);
  }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<core::WallTime> ToTime(const Parts& p) {
  const std::chrono::year_month_day date{std::chrono::year(p.year),
                                         std::chrono::month(static_cast<unsigned>(p.month)),
                                         std::chrono::day(static_cast<unsigned>(p.day))};
  if (p.year < kFirstYear || p.year > kLastYear || !date.ok() || p.hour > 23 || p.minute > 59 ||
      p.second > 60) {
    return std::nullopt;
  }
  return core::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(p.hour) +
         std::chrono::minutes(p.minute) + std::chrono::seconds(p.second);
}

int YearOf(core::WallTime time) {
  return static_cast<int>(
      std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year());
}

// "06 Nov 1994 08:49:37 GMT", after the comma.
std::optional<core::WallTime> ParseFixed(std::string_view text) {
  Cursor in(text);
  Parts p;
  p.day = in.Digits(2);
  in.Literal(" ");
  p.month = in.Month();
  in.Literal(" ");
  p.year = in.Digits(4);
  in.Literal(" ");
  in.Clock(p);
  in.Literal(" GMT");
  return in.AtEnd() ? ToTime(p) : std::nullopt;
}

// "06-Nov-94 08:49:37 GMT", after the comma (RFC 850).
std::optional<core::WallTime> ParseDashed(std::string_view text, core::WallTime wall_now) {
  Cursor in(text);
  Parts p;
  p.day = in.Digits(2);
  in.Literal("-");
  p.month = in.Month();
  in.Literal("-");
  p.year = in.Digits(2);
  in.Literal(" ");
  in.Clock(p);
  in.Literal(" GMT");
  const int this_year = YearOf(wall_now);
  p.year += this_year - this_year % 100;
  p.year -= p.year > this_year + 50 ? 100 : 0;
  return in.AtEnd() ? ToTime(p) : std::nullopt;
}

// "Nov  6 08:49:37 1994", after the day's name (asctime).
std::optional<core::WallTime> ParseAsctime(std::string_view text) {
  Cursor in(text);
  Parts p;
  p.month = in.Month();
  in.Literal(" ");
  p.day = in.Skip(" ") ? in.Digits(1) : in.Digits(2);
  in.Literal(" ");
  in.Clock(p);
  in.Literal(" ");
  p.year = in.Digits(4);
  return in.AtEnd() ? ToTime(p) : std::nullopt;
}

}  // namespace

std::optional<core::WallTime> ParseHttpDate(std::string_view text, core::WallTime wall_now) {
  if (const std::size_t comma = text.find(", "); comma != std::string_view::npos) {
    const std::string_view rest = text.substr(comma + 2);
    return rest.size() > 2 && rest[2] == '-' ? ParseDashed(rest, wall_now) : ParseFixed(rest);
  }
  const std::size_t space = text.find(' ');
  return space == 3 ? ParseAsctime(text.substr(4)) : std::nullopt;
}

std::optional<core::WallTime> ParseRfc3339(std::string_view text) {
  Cursor in(text);
  Parts p;
  p.year = in.Digits(4);
  in.Literal("-");
  p.month = in.Digits(2);
  in.Literal("-");
  p.day = in.Digits(2);
  if (!in.Skip("t")) {
    in.Literal("T");
  }
  in.Clock(p);
  const auto fraction = in.Skip(".") ? in.Fraction() : std::chrono::nanoseconds(0);
  std::chrono::minutes offset{0};
  if (!in.Skip("Z") && !in.Skip("z")) {
    const int sign = in.Skip("-") ? -1 : 1;
    if (sign > 0) {
      in.Literal("+");
    }
    const int hours = in.Digits(2);
    in.Literal(":");
    offset = std::chrono::minutes(sign * (hours * 60 + in.Digits(2)));
  }
  const auto time = in.AtEnd() ? ToTime(p) : std::nullopt;
  return time ? std::optional(*time + fraction - offset) : std::nullopt;
}

}  // namespace signalbox::execution
