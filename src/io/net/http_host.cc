// The Host field: what two readers could read differently is refused (RFC 9110 7.2, RFC 3986
// 3.2.2). Escapes and sub-delimiters are legal in a URI's name but never in a name of the DNS.
#include "io/net/byte_class.h"
#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

constexpr std::size_t kMaxHostName = 255;  // RFC 1035 2.3.4

// Decimal digits of at most `most`; no more than five of them.
bool IsNumber(std::string_view digits, unsigned most) {
  if (digits.empty() || digits.size() > 5) return false;
  unsigned value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= most;
}

bool IsIpv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part == 3 ? text.size() : text.find('.');
    if (dot == std::string_view::npos) return false;
    const std::string_view number = text.substr(0, dot);
    if (!IsNumber(number, 255) || (number.size() > 1 && number[0] == '0')) return false;
    text.remove_prefix(part == 3 ? dot : dot + 1);
  }
  return true;
}

// Groups of up to four hexadecimal digits with colons between, as one side of "::" has them.
// Returns how many, or -1; an IPv4 address at the end counts as two.
int CountGroups(std::string_view text, bool may_end_in_ipv4) {
  int groups = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && may_end_in_ipv4 && IsIpv4(group)) return groups + 2;
    if (group.empty() || group.size() > 4) return -1;
    for (const char c : group) {
      if (!Is(c, kHexByte)) return -1;
    }
    ++groups;
    if (colon == std::string_view::npos) return groups;
    text.remove_prefix(colon + 1);
    if (text.empty()) return -1;  // ends in a colon
  }
  return groups;
}

bool IsIpv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return CountGroups(text, true) == 8;
  const int before = CountGroups(text.substr(0, gap), false);
  const int after = CountGroups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after < 8;
}

// What follows the host: nothing, or a colon and a port that may be empty.
bool IsPortPart(std::string_view text) {
  if (text.empty() || text == ":") return true;
  return text[0] == ':' && IsNumber(text.substr(1), 65535);
}

}  // namespace

bool IsHost(std::string_view host) {
  if (host.empty()) return false;
  if (host[0] == '[') {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return false;
    return IsIpv6(host.substr(1, end - 1)) && IsPortPart(host.substr(end + 1));
  }
  const char* const end = host.data() + host.size();
  const char* const name_end = SkipWhile(host.data(), end, kHostByte);
  const auto name_size = static_cast<std::size_t>(name_end - host.data());
  return name_size > 0 && name_size <= kMaxHostName && IsPortPart(host.substr(name_size));
}

}  // namespace signalbox::net
