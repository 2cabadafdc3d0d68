// Who the caller is, and what that allows.
#include "surface/api/all_routes.h"
#include "surface/api/field_types.h"

namespace signalbox::api {
namespace {

using net::Method;

struct Whoami {
  std::string id;
  std::string name;
  bool anonymous = false;
  std::string role;
  bool installation = false;
  std::optional<request::TenantId> tenant;
  std::optional<request::UserId> user;
  std::optional<request::TeamId> team;
  std::optional<request::ProjectId> project;
  std::vector<std::string> models;
  std::vector<std::string> providers;
  std::vector<std::string> dialects;
  Moment expires{core::WallTime::max()};

  static const config::Table<Whoami>& Members() {
    static const auto table =
        config::Table<Whoami>("Whoami", "The caller, as its credential tells.")
            .Add("id", &Whoami::id, {.doc = "Of the key or the user; empty: anonymous."})
            .Add("name", &Whoami::name, {.doc = "Of the key or the user, for people."})
            .Add("anonymous", &Whoami::anonymous, {.doc = "No credential is configured."})
            .Add("role", &Whoami::role, {.doc = "viewer, member, operator or admin."})
            .Add("installation", &Whoami::installation,
                 {.doc = "Whether it may see and change what belongs to no tenant alone."})
            .Add("tenant", &Whoami::tenant, {.doc = "Its tenant."})
            .Add("user", &Whoami::user, {.doc = "The user it is booked on."})
            .Add("team", &Whoami::team, {.doc = "The team it is booked on."})
            .Add("project", &Whoami::project, {.doc = "The project it is booked on."})
            .Add("models", &Whoami::models, {.doc = "What it may ask for; empty: everything."})
            .Add("providers", &Whoami::providers,
                 {.doc = "Where its calls may go; empty: anywhere."})
            .Add("dialects", &Whoami::dialects, {.doc = "What it may speak; empty: every dialect."})
            .Add("expires", &Whoami::expires, {.doc = "Until when; \"never\" if it does not end."});
    return table;
  }
};

core::Result<Whoami> TellSelf(const Asked& asked) {
  const request::Principal& principal = asked.principal;
  Whoami out{.id = principal.id,
             .name = principal.id,
             .anonymous = principal.anonymous(),
             .role = std::string(RoleName(request::Role::kAdmin)),
             .installation = true};
  if (principal.grant == nullptr) {
    return out;
  }
  const request::Grant& grant = *principal.grant;
  out.name = grant.name;
  out.role = RoleName(grant.role);
  out.installation = !grant.of_tenant;
  out.tenant = IfAny(grant.parties.tenant);
  out.user = IfAny(grant.parties.user);
  out.team = IfAny(grant.parties.team);
  out.project = IfAny(grant.parties.project);
  out.models = grant.models.names;
  out.providers = grant.providers.names;
  out.dialects = grant.dialects.names;
  out.expires = {grant.expires};
  return out;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/whoami", Rule::Key(), "whoami", "Who the caller is, and what that allows.",
     Does<&TellSelf>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes SelfRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
