#include "io/store/redis/options.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace signalbox::store {
namespace {

std::unexpected<core::Error> Wrong(std::string what) {
  return core::Fail(core::ErrorCode::kInvalidRequest, "redis url: " + std::move(what));
}

int HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> Decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<int> Number(std::string_view text, int most) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 0 && value <= most ? std::optional(value) : std::nullopt;
}

// Takes what stands before `mark` off the front of `text`; all of it when there is none.
std::string_view Cut(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view front = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return front;
}

core::Status TakeUser(std::string_view user_info, RedisOptions& options) {
  const std::string_view user = Cut(user_info, ':');
  const auto user_text = Decode(user);
  const auto password_text = Decode(user_info);
  if (!user_text || !password_text) {
    return Wrong("the user or password is not percent-encoded as it should be");
  }
  options.user = *user_text;
  options.password = *password_text;
  if (!options.user.empty() && options.password.empty()) {
    return Wrong("there is a user and no password");
  }
  return {};
}

core::Status TakeAddress(std::string_view address, RedisOptions& options) {
  std::string_view port;
  if (address.starts_with('[')) {
    const std::size_t close = address.find(']');
    if (close == std::string_view::npos) {
      return Wrong("the address has no ]");
    }
    options.host = address.substr(1, close - 1);
    port = address.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) {
      return Wrong("something stands between ] and the port");
    }
    port = port.empty() ? port : port.substr(1);
  } else {
    port = address;
    options.host = Cut(port, ':');
  }
  if (options.host.empty()) {
    return Wrong("there is no host");
  }
  const auto number = port.empty() ? std::optional<int>(6379) : Number(port, 65535);
  if (!number || *number == 0) {
    return Wrong("the port is no number from 1 to 65535");
  }
  options.port = static_cast<std::uint16_t>(*number);
  return {};
}

core::Status TakeQuery(std::string_view query, RedisOptions& options) {
  while (!query.empty()) {
    std::string_view pair = Cut(query, '&');
    const std::string_view name = Cut(pair, '=');
    const auto value = Decode(pair);
    if (!value) {
      return Wrong("a parameter is not percent-encoded as it should be");
    }
    if (name == "prefix") {
      options.prefix = *value;
    } else if (name == "ca_file") {
      options.ca_file = *value;
    } else {
      return Wrong("there is a parameter that is neither prefix nor ca_file");
    }
  }
  return {};
}

}  // namespace

std::string RedisOptions::Name() const {
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("Redis {}{}{}:{}/{}", v6 ? "[" : "", host, v6 ? "]" : "", port, database);
}

core::Result<RedisOptions> ParseRedisUrl(std::string_view url) {
  RedisOptions options;
  options.tls = url.starts_with("rediss://");
  if (!options.tls && !url.starts_with("redis://")) {
    return Wrong("it begins with neither redis:// nor rediss://");
  }
  std::string_view query = url.substr(url.find("//") + 2);
  std::string_view path = Cut(query, '?');
  std::string_view authority = Cut(path, '/');
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    SB_CHECK_OK(TakeUser(authority.substr(0, at), options));
    authority = authority.substr(at + 1);
  }
  SB_CHECK_OK(TakeAddress(authority, options));
  const auto database = path.empty() ? std::optional<int>(0) : Number(path, 65535);
  if (!database) {
    return Wrong("the database is no number");
  }
  options.database = *database;
  SB_CHECK_OK(TakeQuery(query, options));
  return options;
}

}  // namespace signalbox::store
