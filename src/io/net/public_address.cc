#include "io/net/public_address.h"

#include <algorithm>
#include <array>

namespace signalbox::net {
namespace {

struct Range4 {
  std::uint32_t prefix;
  unsigned bits;
};

constexpr std::uint32_t At(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a << 24U) | (b << 16U) | (c << 8U) | d;
}

constexpr auto kSpecial4 = std::to_array<Range4>({
    {At(0, 0, 0, 0), 8},        // this network
    {At(10, 0, 0, 0), 8},       // private
    {At(100, 64, 0, 0), 10},    // shared by carriers
    {At(127, 0, 0, 0), 8},      // loopback
    {At(169, 254, 0, 0), 16},   // link-local, the clouds' metadata servers
    {At(172, 16, 0, 0), 12},    // private
    {At(192, 0, 0, 0), 24},     // protocol assignments
    {At(192, 0, 2, 0), 24},     // documentation
    {At(192, 88, 99, 0), 24},   // 6to4 relays
    {At(192, 168, 0, 0), 16},   // private
    {At(198, 18, 0, 0), 15},    // benchmarking
    {At(198, 51, 100, 0), 24},  // documentation
    {At(203, 0, 113, 0), 24},   // documentation
    {At(224, 0, 0, 0), 3},      // multicast, reserved, broadcast
});

bool IsPublic4(std::uint32_t address) {
  return std::ranges::none_of(kSpecial4, [&](const Range4& range) {
    return (address >> (32 - range.bits)) == (range.prefix >> (32 - range.bits));
  });
}

std::uint32_t Word(const unsigned char* bytes) {
  return At(bytes[0], bytes[1], bytes[2], bytes[3]);
}

}  // namespace

bool IsPublic(const IpAddress& address) {
  const unsigned char* bytes = address.bytes;
  if (!address.v6) {
    return IsPublic4(Word(bytes));
  }
  const std::uint32_t first = Word(bytes);
  const bool zeros = first == 0 && Word(bytes + 4) == 0;
  if (zeros && Word(bytes + 8) == 0x0000ffff) {
    return IsPublic4(Word(bytes + 12));  // ::ffff:a.b.c.d
  }
  if (first == 0x0064ff9b && Word(bytes + 4) == 0 && Word(bytes + 8) == 0) {
    return IsPublic4(Word(bytes + 12));  // 64:ff9b::a.b.c.d
  }
  if ((first >> 16U) == 0x2002) {
    return IsPublic4((first << 16U) | (Word(bytes + 4) >> 16U));  // 6to4
  }
  // Only 2000::/3 is given out; of it not Teredo, ORCHID, documentation and the like.
  const bool global = (first >> 29U) == 1;
  const bool special = (first >> 9U) == (0x20010000U >> 9U) || first == 0x20010db8 ||
                       (first >> 12U) == (0x3fff0000U >> 12U);
  return global && !special;
}

}  // namespace signalbox::net
