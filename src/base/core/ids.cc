#include "base/core/ids.h"

namespace signalbox::core {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  if (digit >= 'a' && digit <= 'f') {
    return digit - 'a' + 10;
  }
  return -1;
}

}  // namespace

Uuid Uuid::V7(WallTime now, Random& random) {
  const auto millis = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count());
  const std::uint64_t high_random = random.Next();
  const std::uint64_t low_random = random.Next();
  Uuid id;
  for (unsigned i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(millis >> (40U - 8U * i));
  }
  id.bytes[6] = static_cast<std::uint8_t>(0x70U | (high_random & 0x0fU));
  id.bytes[7] = static_cast<std::uint8_t>(high_random >> 8U);
  std::memcpy(&id.bytes[8], &low_random, sizeof low_random);
  id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3fU));
  return id;
}

WallTime Uuid::Time() const {
  std::int64_t millis = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    millis = millis << 8 | bytes[i];
  }
  return WallTime(std::chrono::milliseconds(millis));
}

void Uuid::ToHex(char* out) const {
  for (const std::uint8_t byte : bytes) {
    *out++ = kDigits[byte >> 4U];
    *out++ = kDigits[byte & 0x0fU];
  }
}

std::optional<Uuid> Uuid::FromHex(std::string_view hex) {
  Uuid id;
  if (hex.size() != 2 * id.bytes.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const int high = HexValue(hex[2 * i]);
    const int low = HexValue(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    id.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

}  // namespace signalbox::core
