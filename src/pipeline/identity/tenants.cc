#include "pipeline/identity/tenants.h"

#include "base/core/random.h"
#include "pipeline/identity/fields.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

using request::Role;

core::Result<Tenant> FindTenant(store::Reader& reader, TenantId id) {
  return ReadOne<Tenant>(reader, "SELECT " SB_TENANT_COLUMNS " FROM identity_tenants WHERE id = $1",
                         {id.Text()}, ReadTenant, "tenant");
}

core::Status StoreTenant(store::Transaction& transaction, Tenant& tenant, core::WallTime now) {
  SB_TRY(const std::int64_t stored,
         transaction.Run("UPDATE identity_tenants SET name = $3, active = $4, changed = $5, "
                         "version = version + 1 WHERE id = $1 AND version = $2",
                         {tenant.id.Text(), tenant.stamp.version, tenant.name,
                          std::int64_t{tenant.active}, Nanoseconds(now)}));
  if (stored == 0) {
    return Conflict("tenant");
  }
  tenant.stamp.changed = now;
  ++tenant.stamp.version;
  return {};
}

}  // namespace

core::Result<Change<Tenant>> Tenants::Create(const Actor& actor, const NewTenant& wanted) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(NeedInstallation(scope, Role::kAdmin));
  SB_CHECK_OK(CheckText(wanted.name, "name"));
  core::Random random;
  const Tenant tenant{.id = TenantId::New(actor.now, random),
                      .name = wanted.name,
                      .stamp = {.created = actor.now, .changed = actor.now, .version = 1}};
  return desk_.Write<Tenant>(
      actor, ChangeKind::kTenant, tenant.id.Text(),
      [&](store::Transaction& transaction) -> core::Result<Change<Tenant>> {
        SB_CHECK_OK(transaction.Run(
            "INSERT INTO identity_tenants (id, name, active, created, changed, version) "
            "VALUES ($1, $2, 1, $3, $3, 1)",
            {tenant.id.Text(), tenant.name, Nanoseconds(actor.now)}));
        return Change<Tenant>{.before = {}, .after = tenant};
      });
}

core::Result<Tenant> Tenants::Get(const Actor& actor, TenantId id) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  if (!scope.of_installation() && scope.tenant != id.Text()) {
    return NotFound("tenant");
  }
  return FindTenant(desk_.sql(), id);
}

core::Result<Page<Tenant>> Tenants::List(const Actor& actor, const ListQuery& query) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_TRY(const Window window, WindowOf(query));
  // Empty: all of them.
  const std::string only = scope.of_installation() ? std::string() : scope.tenant;
  return ReadPage<Tenant>(
      desk_.sql(), window,
      "SELECT " SB_TENANT_COLUMNS
      " FROM (SELECT * FROM identity_tenants WHERE ($1 = '' OR id = $1) AND id > $2 ORDER BY id "
      "LIMIT $3) AS seen WHERE ($5 IS NULL OR lower(name) LIKE $5 ESCAPE '!') ORDER BY id LIMIT $4",
      "SELECT id FROM identity_tenants WHERE ($1 = '' OR id = $1) AND id > $2 ORDER BY id "
      "LIMIT 1 OFFSET $3",
      only, {}, ReadTenant);
}

core::Result<Change<Tenant>> Tenants::Update(const Actor& actor, TenantId id,
                                             const TenantPatch& patch) {
  SB_TRY(const Scope scope, desk_.Enter(actor));
  SB_CHECK_OK(NeedInstallation(scope, Role::kAdmin));
  return desk_.Write<Tenant>(actor, ChangeKind::kTenant, id.Text(),
                             [&](store::Transaction& transaction) -> core::Result<Change<Tenant>> {
                               SB_TRY(const Tenant before, FindTenant(transaction, id));
                               if (patch.version && *patch.version != before.stamp.version) {
                                 return Conflict("tenant");
                               }
                               Tenant after = before;
                               after.name = patch.name.value_or(before.name);
                               after.active = patch.active.value_or(before.active);
                               SB_CHECK_OK(CheckText(after.name, "name"));
                               SB_CHECK_OK(StoreTenant(transaction, after, actor.now));
                               return Change<Tenant>{.before = before, .after = after};
                             });
}

}  // namespace signalbox::identity
