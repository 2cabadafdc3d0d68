// The `identity` section of the configuration.
//
// Owner: the configuration snapshot. Threads: read only. Errors: CheckOptions names the key at
// fault. Cancel: nothing to undo.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/config/table.h"
#include "pipeline/request/grant.h"

namespace signalbox::identity {

// When credentials are asked for. kAuto: as soon as somebody has made a key, or access.key is set.
enum class KeysMode : std::uint8_t { kAuto, kRequired };

// Where in a token something stands; dots lead into objects, \. is a dot.
struct ClaimOptions {
  std::string user = "sub";
  std::string name = "name";
  std::string email = "email";
  std::string roles = "roles";
};

// One issuer of tokens whose bearers are let in.
struct IssuerOptions {
  std::string issuer;                 // `iss`, to the letter
  std::vector<std::string> audience;  // one of them has to be in `aud`
  config::Url jwks_url;               // without text: as the issuer describes itself
  std::string ca;                     // file; empty: the system's authorities
  std::string tenant;                 // its id; empty: that of the first start
  ClaimOptions claims;
  std::vector<std::string> role_map;  // "theirs=admin"; the highest that applies
  std::string default_role;           // of whom no role applies to; empty: not let in
  bool make_users = true;             // on first sight
  std::chrono::nanoseconds leeway{std::chrono::seconds(30)};
  std::chrono::nanoseconds max_age{std::chrono::hours(24)};  // a token is good at most, from `iat`
};

struct IdentityOptions {
  KeysMode keys = KeysMode::kAuto;
  std::map<std::string, IssuerOptions> oidc;
};

const config::Table<IdentityOptions>& IdentityTable();

// What is wrong with sections that are right one by one: (key below `identity`, what to do).
std::vector<std::pair<std::string, std::string>> CheckOptions(const IdentityOptions& options);

}  // namespace signalbox::identity
