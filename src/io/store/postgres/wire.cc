#include "io/store/postgres/wire.h"

#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>

namespace signalbox::store::postgres {
namespace {

// The protocol's numbers begin with their highest byte.
template <std::integral T>
T Swap(T value) {
  return std::endian::native == std::endian::little ? std::byteswap(value) : value;
}

template <std::integral T>
void Append(std::string& out, T value) {
  const T swapped = Swap(value);
  out.append(reinterpret_cast<const char*>(&swapped), sizeof swapped);
}

template <std::integral T>
T Read(std::string_view bytes, std::size_t at = 0) {
  T value = 0;
  if (bytes.size() >= at + sizeof value) {
    std::memcpy(&value, bytes.data() + at, sizeof value);
  }
  return Swap(value);
}

bool AppendWhole(std::string& out, std::int64_t value, Oid type) {
  switch (type) {
    case kInt8:
      Append(out, value);
      return true;
    case kInt4:
      Append(out, static_cast<std::int32_t>(value));
      return value == static_cast<std::int32_t>(value);
    case kInt2:
      Append(out, static_cast<std::int16_t>(value));
      return value == static_cast<std::int16_t>(value);
    case kFloat8:
      Append(out, std::bit_cast<std::int64_t>(static_cast<double>(value)));
      return true;
    default:
      return false;
  }
}

// A NUMERIC: digits to the base of 10,000, the first of them worth 10,000^weight.
struct Decimal {
  explicit Decimal(std::string_view from)
      : bytes(from),
        digits(Read<std::int16_t>(from)),
        weight(Read<std::int16_t>(from, 2)),
        sign(Read<std::uint16_t>(from, 4)) {}

  std::int64_t digit(int at) const {
    return at < digits ? Read<std::int16_t>(bytes, 8 + 2 * static_cast<std::size_t>(at)) : 0;
  }
  bool negative() const { return sign == 0x4000U; }
  bool finite() const { return sign == 0 || negative(); }

  std::string_view bytes;
  int digits;
  int weight;
  std::uint16_t sign;
};

std::optional<std::int64_t> WholeOf(const Decimal& decimal) {
  if (!decimal.finite() || decimal.digits > decimal.weight + 1) {
    return std::nullopt;  // NaN, infinite, or with a fraction
  }
  std::int64_t value = 0;  // below zero: the range has one more there
  for (int at = 0; at <= decimal.weight; ++at) {
    if (__builtin_mul_overflow(value, 10'000, &value) ||
        __builtin_sub_overflow(value, decimal.digit(at), &value)) {
      return std::nullopt;
    }
  }
  if (!decimal.negative() && value == std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return decimal.negative() ? value : -value;
}

double NumberOf(const Decimal& decimal) {
  if (!decimal.finite()) {
    return decimal.sign == 0xD000U   ? std::numeric_limits<double>::infinity()
           : decimal.sign == 0xF000U ? -std::numeric_limits<double>::infinity()
                                     : std::numeric_limits<double>::quiet_NaN();
  }
  double value = 0;
  for (int at = 0; at < decimal.digits; ++at) {
    value += static_cast<double>(decimal.digit(at)) * std::pow(10'000.0, decimal.weight - at);
  }
  return decimal.negative() ? -value : value;
}

}  // namespace

Oid TypeOf(const Param& param) {
  constexpr Oid kTypes[] = {0, kInt8, kFloat8, kText, kBytea};
  return kTypes[param.index()];
}

Oid OurType(Oid type) {
  switch (type) {
    case kInt2:
    case kInt4:
      return kInt8;
    case kFloat4:
    case kNumeric:
      return kFloat8;
    case kVarchar:
    case kBpchar:
    case kUnknown:
      return kText;
    default:
      return type;
  }
}

bool IsTextType(Oid type) {
  return type == kText || type == kVarchar || type == kBpchar || type == kName || type == kChar ||
         type == kUnknown;
}

bool AppendValue(std::string& out, const Param& param, Oid type) {
  if (const auto* whole = std::get_if<std::int64_t>(&param)) {
    return AppendWhole(out, *whole, type);
  }
  if (const auto* number = std::get_if<double>(&param)) {
    Append(out, std::bit_cast<std::int64_t>(*number));
    return type == kFloat8;
  }
  if (const auto* text = std::get_if<std::string_view>(&param)) {
    out += *text;
    return IsTextType(type);
  }
  if (const auto* bytes = std::get_if<Bytes>(&param)) {
    out.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
    return type == kBytea;
  }
  return false;
}

void AppendInt16(std::string& out, std::int16_t value) {
  Append(out, value);
}

void AppendInt32(std::string& out, std::int32_t value) {
  Append(out, value);
}

std::optional<std::int64_t> ReadInt(std::string_view bytes, Oid type) {
  switch (type) {
    case kInt8:
      return Read<std::int64_t>(bytes);
    case kInt4:
      return Read<std::int32_t>(bytes);
    case kInt2:
      return Read<std::int16_t>(bytes);
    case kBool:
      return bytes == std::string_view("\1", 1) ? 1 : 0;
    case kNumeric:
      return WholeOf(Decimal(bytes));
    default:
      return std::nullopt;
  }
}

std::optional<double> ReadNumber(std::string_view bytes, Oid type) {
  switch (type) {
    case kFloat8:
      return std::bit_cast<double>(Read<std::int64_t>(bytes));
    case kFloat4:
      return std::bit_cast<float>(Read<std::int32_t>(bytes));
    case kNumeric:
      return NumberOf(Decimal(bytes));
    default: {
      const auto whole = ReadInt(bytes, type);
      return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
    }
  }
}

}  // namespace signalbox::store::postgres
