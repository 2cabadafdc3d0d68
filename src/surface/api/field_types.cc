#include "surface/api/field_types.h"

#include <fmt/format.h>

#include <charconv>

#include "base/json/document.h"
#include "vendors/catalog/money.h"

namespace signalbox::api {
namespace {

using config::Complaint;
using config::Spec;

constexpr std::int64_t kNano = 1'000'000'000;
constexpr std::int64_t kMostDollars = 1'000'000'000;
constexpr std::size_t kMostJsonBytes = 16 * 1024;

std::optional<std::int64_t> Digits(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && text.front() != '-' ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> ReadNano(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string decimals(text.substr(std::min(point + 1, text.size())));
  if (point == 0 || decimals.size() > 9 || (point != text.size() && decimals.empty())) {
    return std::nullopt;
  }
  decimals.resize(9, '0');
  const auto whole = Digits(text.substr(0, point));
  const auto part = Digits(decimals);
  if (!whole || !part || *whole > kMostDollars) {
    return std::nullopt;
  }
  return *whole * kNano + *part;
}

class DollarsText final : public config::Codec {
 public:
  config::Kind kind() const override { return config::Kind::kDouble; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const auto nano = ReadNano(text);
    if (!nano) {
      return "expected " + Expected(spec);
    }
    static_cast<Dollars*>(slot)->nano = *nano;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    const std::int64_t nano = static_cast<const Dollars*>(slot)->nano;
    return nano < 0 ? "-" + catalog::UsdText(catalog::NanoUsd{-nano})
                    : catalog::UsdText(catalog::NanoUsd{nano});
  }
  std::string Expected(const Spec&) const override {
    return "dollars as a plain number with at most nine decimals, such as 12.5";
  }
};

// The number of `count` digits at the front of `text`, which is taken off; -1: there is none.
int TakeDigits(std::string_view& text, std::size_t count) {
  const auto value = text.size() < count ? std::nullopt : Digits(text.substr(0, count));
  text.remove_prefix(std::min(count, text.size()));
  return value ? static_cast<int>(*value) : -1;
}

bool TakeMark(std::string_view& text, char mark) {
  const bool there = text.starts_with(mark);
  text.remove_prefix(there ? 1 : 0);
  return there;
}

// "12:00:00", "12:00:00.250" up to nine decimals, and the Z.
std::optional<std::chrono::nanoseconds> ReadClock(std::string_view text) {
  const int hour = TakeDigits(text, 2);
  const bool first = TakeMark(text, ':');
  const int minute = TakeDigits(text, 2);
  const bool second_mark = TakeMark(text, ':');
  const int second = TakeDigits(text, 2);
  if (!first || !second_mark || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59) {
    return std::nullopt;
  }
  std::int64_t fraction = 0;
  if (TakeMark(text, '.')) {
    std::string decimals(text.substr(0, text.find('Z')));
    text.remove_prefix(decimals.size());
    if (decimals.empty() || decimals.size() > 9) {
      return std::nullopt;
    }
    decimals.resize(9, '0');
    const auto value = Digits(decimals);
    if (!value) {
      return std::nullopt;
    }
    fraction = *value;
  }
  if (text != "Z") {
    return std::nullopt;
  }
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         std::chrono::nanoseconds(fraction);
}

constexpr std::string_view kNever = "never";

class MomentText final : public config::Codec {
 public:
  config::Kind kind() const override { return config::Kind::kText; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const auto at = text == kNever ? std::optional(core::WallTime::max()) : ParseMoment(text);
    if (!at) {
      return "expected " + Expected(spec);
    }
    static_cast<Moment*>(slot)->at = *at;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    const core::WallTime at = static_cast<const Moment*>(slot)->at;
    return at == core::WallTime::max() ? std::string(kNever) : core::Iso8601(at);
  }
  std::string Expected(const Spec&) const override {
    return "a moment in UTC, such as 2027-01-31 or 2027-01-31T12:00:00Z";
  }
};

class JsonObjectText final : public config::Codec {
 public:
  config::Kind kind() const override { return config::Kind::kText; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    json::Document document;
    if (text.size() > kMostJsonBytes || !document.Parse(text) || !document.Root().IsObject()) {
      return "expected " + Expected(spec);
    }
    static_cast<JsonObject*>(slot)->text = text;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    return static_cast<const JsonObject*>(slot)->text;
  }
  std::string Expected(const Spec&) const override {
    return fmt::format("an object of at most {} bytes", kMostJsonBytes);
  }
};

constexpr std::string_view kNone = "none";

template <typename Id>
class IdText final : public config::Codec {
 public:
  explicit IdText(std::string_view prefix) : prefix_(prefix) {}

  config::Kind kind() const override { return config::Kind::kText; }
  Complaint Read(std::string_view text, const Spec& spec, void* slot) const override {
    const auto id = text == kNone ? std::optional(Id{}) : Id::Parse(text);
    if (!id) {
      return "expected " + Expected(spec);
    }
    *static_cast<Id*>(slot) = *id;
    return {};
  }
  std::string Write(const Spec&, const void* slot) const override {
    const Id& id = *static_cast<const Id*>(slot);
    return id == Id{} ? std::string(kNone) : id.Text();
  }
  std::string Expected(const Spec&) const override {
    return fmt::format("an id, {} and 32 digits, or none", prefix_);
  }

 private:
  std::string_view prefix_;
};

template <typename Tag>
const config::Codec& IdCodec() {
  static const IdText<core::Id<Tag>> codec(Tag::kPrefix);
  return codec;
}

}  // namespace

const config::Codec& TenantIdCodec() {
  return IdCodec<request::TenantTag>();
}
const config::Codec& UserIdCodec() {
  return IdCodec<request::UserTag>();
}
const config::Codec& TeamIdCodec() {
  return IdCodec<request::TeamTag>();
}
const config::Codec& ProjectIdCodec() {
  return IdCodec<request::ProjectTag>();
}
const config::Codec& KeyIdCodec() {
  return IdCodec<request::KeyTag>();
}

std::vector<config::Word> RoleWords() {
  using request::Role;
  return {{"viewer", Role::kViewer},
          {"member", Role::kMember},
          {"operator", Role::kOperator},
          {"admin", Role::kAdmin}};
}

std::vector<config::Word> PrivacyWords() {
  using request::PrivacyClass;
  return {{"public", PrivacyClass::kPublic},
          {"internal", PrivacyClass::kInternal},
          {"sensitive", PrivacyClass::kSensitive}};
}

std::optional<core::WallTime> ParseMoment(std::string_view text) {
  const int year = TakeDigits(text, 4);
  const bool first = TakeMark(text, '-');
  const int month = TakeDigits(text, 2);
  const bool second = TakeMark(text, '-');
  const int day = TakeDigits(text, 2);
  const std::chrono::year_month_day date{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
      std::chrono::day(static_cast<unsigned>(std::max(day, 0)))};
  // Nanoseconds since 1970 in 64 bits end in 2262.
  if (!first || !second || year < 1970 || year > 2261 || month < 0 || day < 0 || !date.ok()) {
    return std::nullopt;
  }
  const core::WallTime start = std::chrono::sys_days(date);
  if (text.empty()) {
    return start;
  }
  if (!TakeMark(text, 'T')) {
    return std::nullopt;
  }
  const auto clock = ReadClock(text);
  return clock ? std::optional(start + *clock) : std::nullopt;
}

const config::Codec& DollarsCodec() {
  static const DollarsText codec;
  return codec;
}

const config::Codec& MomentCodec() {
  static const MomentText codec;
  return codec;
}

const config::Codec& JsonObjectCodec() {
  static const JsonObjectText codec;
  return codec;
}

}  // namespace signalbox::api
