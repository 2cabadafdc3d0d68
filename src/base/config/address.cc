// Hosts, ports and URLs (RFC 3986, as narrow as configuration needs them).
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/config/values.h"

namespace signalbox::config {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool IsAddress(int family, const std::string& host) {
  in6_addr out;
  return inet_pton(family, host.c_str(), &out) == 1;
}

bool IsNumber(std::string_view label) {
  return label.starts_with("0x") || label.starts_with("0X") || std::ranges::all_of(label, IsDigit);
}

// A name of dotted labels. One whose last label is a number must be a plain IPv4 address (the URL
// standard's rule): 2130706433 and 0177.1 are ways to write an address that nobody means.
bool IsHost(std::string_view host) {
  if (host.empty() || host.size() > 253) {
    return false;
  }
  std::size_t start = 0;
  while (true) {
    const auto dot = host.find('.', start);
    const auto label = host.substr(start, dot == host.npos ? dot : dot - start);
    const auto allowed = [](char c) { return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_'; };
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
        !std::ranges::all_of(label, allowed)) {
      return false;
    }
    if (dot == host.npos) {
      return !IsNumber(label) || IsAddress(AF_INET, std::string(host));
    }
    start = dot + 1;
  }
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(port) : std::nullopt;
}

struct Authority {
  std::string host;
  std::optional<std::uint16_t> port;
};

std::optional<Authority> ParseAuthority(std::string_view text) {
  Authority out;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) {
      return std::nullopt;
    }
    out.host = text.substr(1, close - 1);
    rest = text.substr(close + 1);
    if (!IsAddress(AF_INET6, out.host)) {
      return std::nullopt;
    }
  } else {
    const auto colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    rest = text.substr(colon);
    if (!IsHost(out.host)) {
      return std::nullopt;
    }
  }
  if (rest.empty()) {
    return out;
  }
  out.port = rest.front() == ':' ? ParsePort(rest.substr(1)) : std::nullopt;
  return out.port ? std::optional(out) : std::nullopt;
}

std::uint16_t UsualPort(std::string_view scheme) {
  return scheme == "http" ? 80 : scheme == "https" ? 443 : 0;
}

}  // namespace

std::optional<HostPort> ParseHostPort(std::string_view text) {
  auto authority = ParseAuthority(text);
  if (!authority || !authority->port) {
    return std::nullopt;
  }
  return HostPort{std::move(authority->host), *authority->port};
}

std::string HostPort::Text() const {
  return host.find(':') == host.npos ? fmt::format("{}:{}", host, port)
                                     : fmt::format("[{}]:{}", host, port);
}

std::optional<Url> ParseUrl(std::string_view text) {
  const auto plain = [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '#';
  };
  const auto separator = text.find("://");
  if (separator == text.npos || separator == 0 || !std::ranges::all_of(text, plain)) {
    return std::nullopt;
  }
  Url out;
  out.scheme.resize(separator);
  std::ranges::transform(text.substr(0, separator), out.scheme.begin(), Lower);
  const auto scheme_char = [](char c) { return IsAlpha(c) || IsDigit(c) || c == '+' || c == '-'; };
  if (!IsAlpha(out.scheme.front()) || !std::ranges::all_of(out.scheme, scheme_char)) {
    return std::nullopt;
  }
  const auto rest = text.substr(separator + 3);
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  auto authority_text = rest.substr(0, authority_end);
  if (const auto at = authority_text.rfind('@'); at != authority_text.npos) {
    out.user = authority_text.substr(0, at);
    authority_text.remove_prefix(at + 1);
  }
  auto authority = ParseAuthority(authority_text);
  if (!authority) {
    return std::nullopt;
  }
  out.host = std::move(authority->host);
  out.port = authority->port.value_or(UsualPort(out.scheme));
  out.path = rest.substr(authority_end);
  if (out.path.starts_with('?')) {
    out.path.insert(0, "/");
  }
  out.text = fmt::format("{}://{}{}", text.substr(0, separator), authority_text,
                         rest.substr(authority_end));
  return out;
}

}  // namespace signalbox::config
