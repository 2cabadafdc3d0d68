#include "pipeline/identity/key_rules.h"

#include "pipeline/identity/desk.h"
#include "pipeline/identity/rows.h"
#include "pipeline/identity/widths.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Role;

bool IsItself(const Scope& scope, const Key& key) {
  return scope.grant.parties.key == key.id;
}

bool IsOwn(const Scope& scope, const Key& key) {
  return scope.user() != UserId{} && scope.user() == key.rights.owner;
}

core::Status CheckOwner(store::Reader& reader, const Scope& scope, const KeyRights& rights) {
  if (!scope.Has(Role::kAdmin) && (rights.owner == UserId{} || rights.owner != scope.user())) {
    return Fail(ErrorCode::kForbidden, "a key for somebody else needs the role admin", "owner");
  }
  if (rights.owner == UserId{}) {
    return {};
  }
  SB_TRY(const User owner, ReadOne<User>(reader,
                                         "SELECT " SB_USER_COLUMNS
                                         " FROM identity_users WHERE tenant = $1 AND id = $2",
                                         {scope.tenant, rights.owner.Text()}, ReadUser, "user"));
  if (rights.role > owner.role) {
    return Fail(ErrorCode::kForbidden, "role is higher than the owner's own", "role");
  }
  return {};
}

core::Status CheckTeam(store::Reader& reader, const Scope& scope, const KeyRights& rights) {
  const TeamId bound = scope.grant.parties.team;
  if (!scope.Has(Role::kAdmin) && bound != TeamId{} && rights.team != bound) {
    return Fail(ErrorCode::kForbidden, "team has to stay that of the credential", "team");
  }
  if (rights.team == TeamId{}) {
    return {};
  }
  SB_CHECK_OK(ReadOne<Team>(
      reader, "SELECT " SB_TEAM_COLUMNS " FROM identity_teams WHERE tenant = $1 AND id = $2",
      {scope.tenant, rights.team.Text()}, ReadTeam, "team"));
  if (scope.Has(Role::kAdmin) || rights.team == bound) {
    return {};
  }
  bool member = false;
  SB_CHECK_OK(
      reader.Query("SELECT 1 FROM identity_members WHERE tenant = $1 AND team = $2 AND member = $3",
                   {scope.tenant, rights.team.Text(), scope.user().Text()}, [&](const store::Row&) {
                     member = true;
                     return core::Status();
                   }));
  return member ? core::Status() : core::Status(NotFound("team"));
}

core::Status CheckProject(store::Reader& reader, const Scope& scope, const KeyRights& rights) {
  const ProjectId bound = scope.grant.parties.project;
  if (!scope.Has(Role::kAdmin) && bound != ProjectId{} && rights.project != bound) {
    return Fail(ErrorCode::kForbidden, "project has to stay that of the credential", "project");
  }
  if (rights.project == ProjectId{}) {
    return {};
  }
  SB_TRY(const Project project,
         ReadOne<Project>(reader,
                          "SELECT " SB_PROJECT_COLUMNS
                          " FROM identity_projects WHERE tenant = $1 AND id = $2",
                          {scope.tenant, rights.project.Text()}, ReadProject, "project"));
  if (project.team != TeamId{} && project.team != rights.team) {
    return Fail(ErrorCode::kInvalidRequest, "project belongs to another team than the key",
                "project");
  }
  return {};
}

}  // namespace

core::Status MayUse(const Scope& scope, const Key& key, KeyUse use) {
  const bool own = IsOwn(scope, key);
  const bool itself = IsItself(scope, key);
  if (!own && !itself && !scope.Has(Role::kOperator)) {
    return NotFound("key");
  }
  switch (use) {
    case KeyUse::kRead:
      return {};
    case KeyUse::kRevoke:
      return own || itself ? core::Status() : Need(scope, Role::kOperator);
    case KeyUse::kRenew:
      // Who renews a key holds its secret: no more than they have.
      if (itself) {
        return {};
      }
      SB_CHECK_OK(own ? Need(scope, Role::kMember) : Need(scope, Role::kAdmin));
      return CheckWithin(scope.grant, key.rights);
    case KeyUse::kChange:
    case KeyUse::kRemove:
      return own ? Need(scope, Role::kMember) : Need(scope, Role::kAdmin);
  }
  return {};
}

core::Status CheckParties(store::Reader& reader, const Scope& scope, const KeyRights& rights) {
  if (scope.tenant.empty()) {
    if (rights.owner != UserId{} || rights.team != TeamId{} || rights.project != ProjectId{}) {
      return Fail(ErrorCode::kInvalidRequest,
                  "a key of the installation belongs to no user, team or project", "owner");
    }
    return NeedInstallation(scope, Role::kAdmin);
  }
  SB_CHECK_OK(CheckTenant(reader, scope));
  SB_CHECK_OK(CheckOwner(reader, scope, rights));
  SB_CHECK_OK(CheckTeam(reader, scope, rights));
  return CheckProject(reader, scope, rights);
}

}  // namespace signalbox::identity
