#include <algorithm>
#include <cmath>

#include "base/json/document.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/jwt.h"

// What a token says of its bearer, believed only where all of it is right.
namespace signalbox::identity {
namespace {

using core::ErrorCode;

std::unexpected<core::Error> Refuse(std::string_view why) {
  return core::Fail(ErrorCode::kUnauthenticated, "the token is refused: " + std::string(why));
}

// Seconds since 1970, with a fraction or not (RFC 7519 section 2). Nullopt: none, or no number.
std::optional<core::WallTime> TimeAt(const json::Value& claims, std::string_view name) {
  const auto value = claims.Find(name);
  const auto seconds = value ? value->AsDouble() : std::nullopt;
  constexpr double kMost = 8e9;  // beyond what nanoseconds count, with room for leeway
  if (!seconds || !std::isfinite(*seconds) || *seconds < 0 || *seconds > kMost) {
    return std::nullopt;
  }
  return core::WallTime(std::chrono::nanoseconds(static_cast<std::int64_t>(*seconds * 1e9)));
}

std::vector<std::string> TextsOf(const std::optional<json::Value>& value) {
  std::vector<std::string> texts;
  const auto add = [&](const json::Value& item) {
    if (auto text = item.AsString(); text && !text->empty() && texts.size() < 1000) {
      texts.push_back(*std::move(text));
    }
  };
  if (value && value->IsArray()) {
    json::ForEachElement(*value, add);
  } else if (value) {
    add(*value);
  }
  return texts;
}

// Follows `path`: dots lead into objects, \. is a dot.
std::optional<json::Value> ClaimAt(const json::Value& claims, std::string_view path) {
  std::optional<json::Value> value = claims;
  std::string name;
  for (std::size_t at = 0; at <= path.size() && value; ++at) {
    if (at == path.size() || path[at] == '.') {
      value = value->Find(name);
      name.clear();
    } else {
      at += path[at] == '\\' && at + 1 < path.size() ? 1 : 0;
      name += path[at];
    }
  }
  return value;
}

// A text for people, where there is one that may stand in a row.
std::string PlainText(const json::Value& claims, std::string_view path) {
  const auto value = ClaimAt(claims, path);
  const auto text = value ? value->AsString() : std::nullopt;
  return text && CheckText(*text, path) ? *text : std::string();
}

core::Status CheckTimes(const json::Value& claims, const IssuerOptions& options,
                        core::WallTime now, core::WallTime& expires) {
  const auto ends = TimeAt(claims, "exp");
  if (!ends) {
    return Refuse("it has no end");
  }
  expires = *ends + options.leeway;
  if (claims.Find("nbf")) {
    const auto begins = TimeAt(claims, "nbf");
    if (!begins || now + options.leeway < *begins) {
      return Refuse("it is not good yet; compare the clocks");
    }
  }
  if (claims.Find("iat")) {
    const auto issued = TimeAt(claims, "iat");
    if (!issued || now + options.leeway < *issued) {
      return Refuse("it was issued in the future; compare the clocks");
    }
    expires = std::min(expires, *issued + options.max_age + options.leeway);
  } else if (*ends > now + options.max_age) {
    return Refuse("it does not say when it was issued and ends too late");
  }
  return now < expires ? core::Status() : core::Status(Refuse("it has expired; log in again"));
}

}  // namespace

core::Result<Bearer> CheckClaims(const Jwt& token, const IssuerOptions& options,
                                 core::WallTime now) {
  json::Document document;
  if (!document.Parse(token.claims, {.max_depth = 16})) {
    return Refuse("its claims are no JSON object");
  }
  const json::Value claims = document.Root();
  if (options.issuer.empty() || token.issuer != options.issuer) {
    return Refuse("its issuer is another one");
  }
  const std::vector<std::string> audience = TextsOf(claims.Find("aud"));
  if (std::ranges::none_of(audience, [&](const std::string& one) {
        return std::ranges::find(options.audience, one) != options.audience.end();
      })) {
    return Refuse("it is meant for somebody else; `aud` is not one that identity.oidc names");
  }
  Bearer bearer;
  SB_CHECK_OK(CheckTimes(claims, options, now, bearer.expires));
  const auto subject = ClaimAt(claims, options.claims.user);
  bearer.subject = subject ? subject->AsString().value_or("") : "";
  if (!CheckText(bearer.subject, "user", 255)) {
    return Refuse("it does not say who its bearer is");
  }
  bearer.name = PlainText(claims, options.claims.name);
  bearer.email = PlainText(claims, options.claims.email);
  bearer.roles = TextsOf(ClaimAt(claims, options.claims.roles));
  return bearer;
}

}  // namespace signalbox::identity
