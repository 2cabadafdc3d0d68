#include "pipeline/identity/options.h"

#include "pipeline/identity/discovery.h"
#include "pipeline/identity/role_map.h"

namespace signalbox::identity {
namespace {

const config::Table<ClaimOptions>& ClaimTable() {
  static const auto table =
      config::Table<ClaimOptions>(
          "claims", "Where in a token something stands; dots lead into objects, \\. is a dot.")
          .Add("user", &ClaimOptions::user, {.doc = "Who its bearer is, for good.", .min = 1})
          .Add("name", &ClaimOptions::name, {.doc = "Their name for people."})
          .Add("email", &ClaimOptions::email, {.doc = "Their address."})
          .Add("roles", &ClaimOptions::roles,
               {.doc = "Their roles at the issuer, one or a list; see role_map."});
  return table;
}

const config::Table<IssuerOptions>& IssuerTable() {
  using namespace std::chrono_literals;
  static const auto table =
      config::Table<IssuerOptions>("issuer", "Whose tokens (OpenID Connect, JWT) are taken.")
          .Add("issuer", &IssuerOptions::issuer,
               {.doc = "What `iss` in its tokens says, to the letter.", .required = true})
          .Add("audience", &IssuerOptions::audience,
               {.doc = "What `aud` has to name, one of them.", .min = 1, .required = true})
          .Add("jwks_url", &IssuerOptions::jwks_url,
               {.doc = "Where its public keys are; https, or http on this machine. None: where its "
                       "description, ISSUER/.well-known/openid-configuration, says."})
          .Add("ca", &IssuerOptions::ca,
               {.doc = "File with the authorities that its certificate is checked against; none: "
                       "the system's."})
          .Add("tenant", &IssuerOptions::tenant,
               {.doc = "The id of the tenant that its people belong to; none: the default one."})
          .Sub("claims", &IssuerOptions::claims, ClaimTable())
          .Add("role_map", &IssuerOptions::role_map,
               {.doc = "What its roles mean here, such as platform-team=admin; of several that "
                       "apply the highest counts."})
          .Add("default_role", &IssuerOptions::default_role,
               {.doc = "viewer, member, operator or admin, for those to whom no entry of role_map "
                       "applies; none: they are not let in."})
          .Add("make_users", &IssuerOptions::make_users,
               {.doc = "Whether people become users when they first come; otherwise only those "
                       "who are users already are let in."})
          .Add("leeway", &IssuerOptions::leeway,
               {.doc = "How far its clock may be off.", .min = 0s, .max = 5min})
          .Add("max_age", &IssuerOptions::max_age,
               {.doc = "How long a token is good at most, from when it was issued.",
                .min = 1min,
                .max = std::chrono::hours(24 * 30)});
  return table;
}

}  // namespace

const config::Table<IdentityOptions>& IdentityTable() {
  static const auto table =
      config::Table<IdentityOptions>("identity", "Keys, and whose tokens are taken.")
          .Add("keys", &IdentityOptions::keys,
               {.doc = "When credentials are asked for: auto, as soon as somebody has made a key, "
                       "or access.key or an issuer is set; required, always.",
                .names = {{"auto", KeysMode::kAuto}, {"required", KeysMode::kRequired}}})
          .Map("oidc", &IdentityOptions::oidc, IssuerTable(),
               {.doc = "Issuers of tokens, by names of your own."});
  return table;
}

std::vector<std::pair<std::string, std::string>> CheckOptions(const IdentityOptions& options) {
  std::vector<std::pair<std::string, std::string>> problems;
  const auto complain = [&](const std::string& name, std::string_view key, std::string what) {
    problems.emplace_back("oidc." + name + "." + std::string(key), std::move(what));
  };
  for (const auto& [name, issuer] : options.oidc) {
    const bool described = issuer.jwks_url.text.empty();
    const auto url = described ? config::ParseUrl(issuer.issuer) : std::optional(issuer.jwks_url);
    if (!url || !KeysMayComeFrom(*url)) {
      complain(name, "jwks_url",
               described ? "the issuer's name is no https URL that could describe it: set jwks_url"
                         : "keys from elsewhere come by https only");
    }
    if (!issuer.tenant.empty() && !request::TenantId::Parse(issuer.tenant)) {
      complain(name, "tenant", "the id of a tenant was expected, such as tenant_0190…");
    }
    if (!issuer.default_role.empty() && !RoleNamed(issuer.default_role)) {
      complain(name, "default_role", "viewer, member, operator or admin was expected");
    }
    for (const std::string& entry : issuer.role_map) {
      if (!RoleEntry::Parse(entry)) {
        complain(name, "role_map", "entries such as platform-team=admin were expected");
      }
    }
    for (const auto& [other, options_of_other] : options.oidc) {
      if (other < name && options_of_other.issuer == issuer.issuer) {
        complain(name, "issuer", "is the same as that of oidc." + other);
      }
    }
  }
  return problems;
}

}  // namespace signalbox::identity
