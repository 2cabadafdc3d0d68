// A JSON Web Token: taken apart, its signature and its claims checked.
//
// Owner:   plain data; a Jwt's views are of the token's text.
// Threads: any.
// Errors:  kUnauthenticated that says which check failed, and nothing of what the token holds.
// Cancel:  nothing to undo.
// Source:  RFC 7515, RFC 7519, RFC 8725.
//
// The algorithm is what the issuer's key is for, never what the token would like: RS256, ES256 and
// EdDSA are known, `none` and everything with a shared secret is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/core/error.h"
#include "base/core/time.h"
#include "pipeline/identity/jwk.h"
#include "pipeline/identity/options.h"

namespace signalbox::identity {

inline constexpr std::size_t kMostTokenBytes = 16 * 1024;

struct Jwt {
  Algorithm algorithm = Algorithm::kRs256;
  std::string key_id;
  std::string issuer;            // as it says itself, before anything is verified
  std::string claims;            // JSON
  std::string_view signed_text;  // header and claims as they were written
  std::string signature;

  // Whether `text` has the shape of a token: three parts. Virtual keys have no dot.
  static bool Looks(std::string_view text);
  static core::Result<Jwt> Parse(std::string_view text);
};

// Who the bearer is, by the issuer's word.
struct Bearer {
  std::string subject;
  std::string name;   // empty: not said
  std::string email;  // likewise
  std::vector<std::string> roles;
  core::WallTime expires{};  // of the token
};

// Issuer, audience, times and the claims that `options` names. The signature is checked before.
core::Result<Bearer> CheckClaims(const Jwt& token, const IssuerOptions& options,
                                 core::WallTime now);

}  // namespace signalbox::identity
