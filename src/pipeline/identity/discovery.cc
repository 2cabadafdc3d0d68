#include "pipeline/identity/discovery.h"

#include "base/json/document.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr json::Limits kLimits{.max_depth = 16};

}  // namespace

bool KeysMayComeFrom(const config::Url& url) {
  const bool local = url.host == "127.0.0.1" || url.host == "::1" || url.host == "localhost";
  return url.scheme == "https" || (url.scheme == "http" && local);
}

std::string DiscoveryUrl(std::string_view issuer) {
  if (issuer.ends_with('/')) {
    issuer.remove_suffix(1);
  }
  return std::string(issuer) + "/.well-known/openid-configuration";
}

core::Result<std::string> ReadJwksUrl(std::string_view json, std::string_view issuer) {
  json::Document page;
  if (!page.Parse(json, kLimits) || !page.Root().IsObject()) {
    return Fail(ErrorCode::kUpstreamProtocol, "the issuer's description is no JSON object");
  }
  const auto text_of = [&](std::string_view name) {
    const auto value = page.Root().Find(name);
    return std::string(value ? value->AsString().value_or("") : "");
  };
  if (text_of("issuer") != issuer) {
    return Fail(ErrorCode::kUpstreamProtocol, "the issuer's description is of another issuer");
  }
  std::string text = text_of("jwks_uri");
  const auto url = config::ParseUrl(text);
  if (!url || !KeysMayComeFrom(*url)) {
    return Fail(ErrorCode::kUpstreamProtocol,
                "the issuer's description names no https URL of its keys; set jwks_url");
  }
  return text;
}

}  // namespace signalbox::identity
