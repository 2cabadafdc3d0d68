#include "pipeline/identity/jwt.h"

#include <algorithm>

#include "base/json/document.h"
#include "pipeline/identity/base64url.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;

constexpr json::Limits kLimits{.max_depth = 16};

std::unexpected<core::Error> Refuse(std::string_view why) {
  return core::Fail(ErrorCode::kUnauthenticated, "the token is refused: " + std::string(why));
}

std::optional<Algorithm> AlgorithmNamed(std::string_view name) {
  if (name == "RS256") {
    return Algorithm::kRs256;
  }
  if (name == "ES256") {
    return Algorithm::kEs256;
  }
  return name == "EdDSA" ? std::optional(Algorithm::kEdDsa) : std::nullopt;
}

core::Status ReadHeader(std::string_view text, Jwt& token) {
  json::Document header;
  if (!header.Parse(text, kLimits) || !header.Root().IsObject()) {
    return Refuse("its header is no JSON object");
  }
  if (header.Root().Find("crit")) {
    return Refuse("it needs extensions that are not known here");
  }
  const auto name = header.Root().Find("alg");
  const auto algorithm = AlgorithmNamed(name ? name->AsString().value_or("") : "");
  if (!algorithm) {
    return Refuse("its algorithm is none of RS256, ES256 and EdDSA");
  }
  token.algorithm = *algorithm;
  if (const auto id = header.Root().Find("kid")) {
    const auto text_of_id = id->AsString();
    if (!text_of_id || text_of_id->empty() || text_of_id->size() > 512) {
      return Refuse("its `kid` is no text");
    }
    token.key_id = *text_of_id;
  }
  return {};
}

}  // namespace

bool Jwt::Looks(std::string_view text) {
  return std::ranges::count(text, '.') == 2;
}

core::Result<Jwt> Jwt::Parse(std::string_view text) {
  if (text.size() > kMostTokenBytes || !Looks(text)) {
    return Refuse("it has not three parts, or is too long");
  }
  const std::size_t first = text.find('.');
  const std::size_t second = text.rfind('.');
  const auto header = FromBase64Url(text.substr(0, first));
  auto claims = FromBase64Url(text.substr(first + 1, second - first - 1));
  auto signature = FromBase64Url(text.substr(second + 1));
  if (!header || !claims || !signature || signature->empty()) {
    return Refuse("its parts are not written as they have to be");
  }
  Jwt token{.signed_text = text.substr(0, second)};
  SB_CHECK_OK(ReadHeader(*header, token));
  json::Document document;
  if (!document.Parse(*claims, kLimits) || !document.Root().IsObject()) {
    return Refuse("its claims are no JSON object");
  }
  const auto issuer = document.Root().Find("iss");
  token.issuer = issuer ? issuer->AsString().value_or("") : "";
  if (token.issuer.empty()) {
    return Refuse("it names no issuer");
  }
  token.claims = *std::move(claims);
  token.signature = *std::move(signature);
  return token;
}

}  // namespace signalbox::identity
