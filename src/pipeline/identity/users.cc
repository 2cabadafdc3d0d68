#include "pipeline/identity/users.h"

#include "base/core/random.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/rows.h"
#include "pipeline/identity/widths.h"

namespace signalbox::identity {
namespace {

using core::ErrorCode;
using core::Fail;
using request::Role;

core::Status CheckFields(const User& user) {
  SB_CHECK_OK(CheckText(user.name, "name"));
  SB_CHECK_OK(CheckEmail(user.email));
  if (user.issuer.empty() != user.subject.empty()) {
    return Fail(ErrorCode::kInvalidRequest, "issuer and subject go together", "subject");
  }
  if (!user.issuer.empty()) {
    SB_CHECK_OK(CheckText(user.issuer, "issuer", 1000));
    SB_CHECK_OK(CheckText(user.subject, "subject", 255));  // OpenID Connect Core 1.0, section 2
  }
  return {};
}

core::Status CheckRole(const Scope& scope, Role role) {
  if (role > scope.grant.role) {
    return Fail(ErrorCode::kForbidden, "role is higher than that of the credential", "role");
  }
  return {};
}

// A token lets its user do everything that their role does: whoever lets them in has all of that.
core::Status CheckTokens(const Scope& scope, const User& user) {
  if (user.issuer.empty()) {
    return {};
  }
  return CheckWithin(scope.grant, {.role = user.role, .expires = scope.grant.expires});
}

// Who is no admin may change their own name, and nothing else.
core::Status MayPatch(const Scope& scope, const User& before, const UserPatch& patch) {
  if (!scope.Has(Role::kAdmin)) {
    if (scope.user() == UserId{} || scope.user() != before.id) {
      return scope.Has(Role::kOperator) ? Need(scope, Role::kAdmin) : NotFound("user");
    }
    if (patch.email || patch.role || patch.active) {
      return Need(scope, Role::kAdmin);
    }
    return Need(scope, Role::kMember);
  }
  SB_CHECK_OK(CheckRole(scope, before.role));
  SB_CHECK_OK(CheckRole(scope, patch.role.value_or(before.role)));
  const bool more = patch.active.value_or(false) || patch.role.value_or(before.role) > before.role;
  return more ? CheckTokens(scope, before) : core::Status();
}

core::Status StoreUser(store::Transaction& transaction, const Scope& scope, User& user,
                       core::WallTime now) {
  SB_TRY(const std::int64_t stored,
         transaction.Run(
             "UPDATE identity_users SET name = $4, email = $5, role = $6, active = $7, "
             "changed = $8, version = version + 1 WHERE tenant = $1 AND id = $2 AND version = $3",
             {scope.tenant, user.id.Text(), user.stamp.version, user.name, user.email,
              static_cast<std::int64_t>(user.role), std::int64_t{user.active}, Nanoseconds(now)}));
  if (stored == 0) {
    return Conflict("user");
  }
  user.stamp.changed = now;
  ++user.stamp.version;
  return {};
}

}  // namespace

core::Result<User> FindUser(store::Reader& reader, const Scope& scope, UserId id) {
  return ReadOne<User>(
      reader, "SELECT " SB_USER_COLUMNS " FROM identity_users WHERE tenant = $1 AND id = $2",
      {scope.tenant, id.Text()}, ReadUser, "user");
}

core::Status InsertUser(store::Transaction& transaction, const User& user) {
  SB_CHECK_OK(transaction.Run(
      "INSERT INTO identity_users (id, tenant, name, email, role, active, issuer, subject, "
      "created, changed, version) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8, 1)",
      {user.id.Text(), user.tenant.Text(), user.name, user.email,
       static_cast<std::int64_t>(user.role), OrNull(user.issuer), OrNull(user.subject),
       Nanoseconds(user.stamp.created)}));
  return {};
}

core::Result<Change<User>> Users::Create(const Actor& actor, const NewUser& wanted) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(Need(scope, Role::kAdmin));
  SB_CHECK_OK(CheckRole(scope, wanted.role));
  core::Random random;
  const User user{.id = UserId::New(actor.now, random),
                  .tenant = IdOf<TenantId>(scope.tenant),
                  .name = wanted.name,
                  .email = wanted.email,
                  .role = wanted.role,
                  .issuer = wanted.issuer,
                  .subject = wanted.subject,
                  .stamp = {.created = actor.now, .changed = actor.now, .version = 1}};
  if (user.tenant == TenantId{}) {
    return NotFound("tenant");
  }
  SB_CHECK_OK(CheckFields(user));
  SB_CHECK_OK(CheckTokens(scope, user));
  return desk_.Write<User>(actor, ChangeKind::kUser, user.id.Text(),
                           [&](store::Transaction& transaction) -> core::Result<Change<User>> {
                             SB_CHECK_OK(InsertUser(transaction, user));
                             return Change<User>{.before = {}, .after = user};
                           });
}

core::Result<User> Users::Get(const Actor& actor, UserId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  if (!scope.Has(Role::kOperator) && (scope.user() == UserId{} || scope.user() != id)) {
    return NotFound("user");
  }
  return FindUser(desk_.sql(), scope, id);
}

core::Result<Page<User>> Users::List(const Actor& actor, const ListQuery& query) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(const Window window, WindowOf(query));
  const bool all = scope.Has(Role::kOperator);
  if (!all && scope.user() == UserId{}) {
    return Page<User>();
  }
  const std::string only = all ? std::string() : TextOf(scope.user());
  return ReadPage<User>(
      desk_.sql(), window,
      "SELECT " SB_USER_COLUMNS
      " FROM (SELECT * FROM identity_users WHERE tenant = $1 AND id > $2 "
      "AND ($5 IS NULL OR id = $5) ORDER BY id LIMIT $3) AS seen "
      "WHERE ($6 IS NULL OR lower(name) LIKE $6 ESCAPE '!' OR lower(email) LIKE $6 ESCAPE '!') "
      "ORDER BY id LIMIT $4",
      "SELECT id FROM identity_users WHERE tenant = $1 AND id > $2 "
      "AND ($4 IS NULL OR id = $4) ORDER BY id LIMIT 1 OFFSET $3",
      scope.tenant, {OrNull(only)}, ReadUser);
}

core::Result<Change<User>> Users::Update(const Actor& actor, UserId id, const UserPatch& patch) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  return desk_.Write<User>(actor, ChangeKind::kUser, id.Text(),
                           [&](store::Transaction& transaction) -> core::Result<Change<User>> {
                             SB_TRY(const User before, FindUser(transaction, scope, id));
                             SB_CHECK_OK(MayPatch(scope, before, patch));
                             if (patch.version && *patch.version != before.stamp.version) {
                               return Conflict("user");
                             }
                             User after = before;
                             after.name = patch.name.value_or(before.name);
                             after.email = patch.email.value_or(before.email);
                             after.role = patch.role.value_or(before.role);
                             after.active = patch.active.value_or(before.active);
                             SB_CHECK_OK(CheckFields(after));
                             SB_CHECK_OK(StoreUser(transaction, scope, after, actor.now));
                             return Change<User>{.before = before, .after = after};
                           });
}

core::Result<Change<User>> Users::Remove(const Actor& actor, UserId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  const std::string text = id.Text();
  return desk_.Write<User>(
      actor, ChangeKind::kUser, text,
      [&](store::Transaction& transaction) -> core::Result<Change<User>> {
        SB_TRY(User before, FindUser(transaction, scope, id));
        SB_CHECK_OK(MayPatch(scope, before, {.active = false}));
        SB_CHECK_OK(transaction.Run(
            "UPDATE identity_keys SET owner = NULL, revoked = COALESCE(revoked, $3), changed = $3, "
            "version = version + 1 WHERE tenant = $1 AND owner = $2",
            {scope.tenant, text, Nanoseconds(actor.now)}));
        SB_CHECK_OK(
            transaction.Run("DELETE FROM identity_members WHERE tenant = $1 AND member = $2",
                            {scope.tenant, text}));
        SB_CHECK_OK(transaction.Run("DELETE FROM identity_users WHERE tenant = $1 AND id = $2",
                                    {scope.tenant, text}));
        return Change<User>{.before = std::move(before), .after = {}};
      });
}

}  // namespace signalbox::identity
