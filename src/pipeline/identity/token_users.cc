#include "pipeline/identity/token_users.h"

#include <algorithm>

#include "base/core/random.h"
#include "pipeline/identity/role_map.h"
#include "pipeline/identity/rows.h"
#include "pipeline/identity/users.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Role;

core::Result<std::optional<User>> Find(store::Reader& reader, const std::string& tenant,
                                       const IssuerOptions& issuer, const Bearer& bearer) {
  std::optional<User> found;
  SB_CHECK_OK(reader.Query("SELECT " SB_USER_COLUMNS
                           " FROM identity_users WHERE tenant = $1 AND issuer = $2 AND "
                           "subject = $3",
                           {tenant, issuer.issuer, bearer.subject},
                           [&](const store::Row& row) -> core::Status {
                             found = ReadUser(row);
                             return {};
                           }));
  return found;
}

core::Status CheckActive(store::Reader& reader, const std::string& tenant, const User& user) {
  bool active = false;
  SB_CHECK_OK(reader.Query("SELECT active FROM identity_tenants WHERE id = $1", {tenant},
                           [&](const store::Row& row) -> core::Status {
                             active = row.Int(0) != 0;
                             return {};
                           }));
  if (!active || !user.active) {
    return Fail(ErrorCode::kUnauthenticated, "the user of this token is switched off");
  }
  return {};
}

}  // namespace

std::string TokenUsers::TenantOf(const IssuerOptions& issuer) const {
  return issuer.tenant.empty() ? directory_.home_tenant() : issuer.tenant;
}

core::Result<User> TokenUsers::FindOrMake(const Bearer& bearer, const IssuerOptions& issuer,
                                          const std::string& tenant, Role role,
                                          core::WallTime now) {
  SB_TRY(std::optional<User> found, Find(desk_.sql(), tenant, issuer, bearer));
  if (found) {
    return *std::move(found);
  }
  const TenantId id = IdOf<TenantId>(tenant);
  if (!issuer.make_users || id == TenantId{}) {
    return Fail(ErrorCode::kUnauthenticated, "there is no user for this token here");
  }
  core::Random random;
  User user{.id = UserId::New(now, random),
            .tenant = id,
            .name = bearer.name.empty() ? bearer.subject.substr(0, 200) : bearer.name,
            .email = bearer.email,
            .role = role,
            .issuer = issuer.issuer,
            .subject = bearer.subject,
            .stamp = {.created = now, .changed = now, .version = 1}};
  const std::unique_ptr<Witness> witness = make_witness_ ? make_witness_(now) : nullptr;
  const request::Principal nobody;
  const Actor actor{.principal = nobody, .tenant = tenant, .now = now, .witness = witness.get()};
  SB_CHECK_OK(desk_.Write<User>(actor, ChangeKind::kUser, user.id.Text(),
                                [&](store::Transaction& transaction) -> core::Result<Change<User>> {
                                  // Another worker may have made them meanwhile.
                                  SB_TRY(std::optional<User> now_there,
                                         Find(transaction, tenant, issuer, bearer));
                                  if (now_there) {
                                    user = *std::move(now_there);
                                    return Change<User>();
                                  }
                                  SB_CHECK_OK(InsertUser(transaction, user));
                                  return Change<User>{.before = {}, .after = user};
                                }));
  return user;
}

core::Result<std::shared_ptr<const request::Grant>> TokenUsers::Admit(const Bearer& bearer,
                                                                      const IssuerOptions& issuer,
                                                                      core::WallTime now) {
  const auto role = MappedRole(issuer.role_map, bearer.roles, RoleNamed(issuer.default_role));
  if (!role) {
    return Fail(ErrorCode::kUnauthenticated,
                "no role here goes with the roles that the token names");
  }
  const std::string tenant = TenantOf(issuer);
  SB_TRY(const User user, FindOrMake(bearer, issuer, tenant, *role, now));
  SB_CHECK_OK(CheckActive(desk_.sql(), tenant, user));
  const auto grant = std::make_shared<request::Grant>();
  grant->parties = {.tenant = user.tenant, .user = user.id};
  grant->role = std::min(*role, user.role);
  grant->name = user.name;
  if (make_allowance_) {
    grant->allowance = make_allowance_(*grant, {});
  }
  return std::shared_ptr<const request::Grant>(grant);
}

}  // namespace signalbox::identity
