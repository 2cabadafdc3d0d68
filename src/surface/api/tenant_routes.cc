// Tenants: for whoever looks after the whole installation.
#include "surface/api/all_routes.h"
#include "surface/api/identity_asked.h"

namespace signalbox::api {
namespace {

using config::Table;
using identity::TenantId;
using net::Method;
using request::Role;

struct TenantView {
  TenantId id;
  std::string name;
  bool active = true;
  Moment created;
  Moment changed;
  std::int64_t version = 0;

  static const Table<TenantView>& Members() {
    static const auto table =
        Table<TenantView>("Tenant", "Those who share an installation and do not see each other.")
            .Add("id", &TenantView::id, {.doc = "Its id."})
            .Add("name", &TenantView::name, {.doc = "For people; no two have the same."})
            .Add("active", &TenantView::active,
                 {.doc = "When false, none of its keys and tokens is taken."})
            .Add("created", &TenantView::created, {.doc = "When it was made."})
            .Add("changed", &TenantView::changed, {.doc = "When it was changed last."})
            .Add("version", &TenantView::version, {.doc = "One more with every change."});
    return table;
  }
  static TenantView Of(const identity::Tenant& tenant) {
    return {.id = tenant.id,
            .name = tenant.name,
            .active = tenant.active,
            .created = {tenant.stamp.created},
            .changed = {tenant.stamp.changed},
            .version = tenant.stamp.version};
  }
  static std::string SubjectOf(const identity::Tenant& tenant) { return tenant.id.Text(); }
};

struct NewTenantForm {
  std::string name;

  static const Table<NewTenantForm>& Members() {
    static const auto table = Table<NewTenantForm>("NewTenant", "A tenant to make.")
                                  .Add("name", &NewTenantForm::name,
                                       {.doc = "For people; no two have the same.",
                                        .min = 1,
                                        .max = identity::kMostName,
                                        .required = true});
    return table;
  }
};

struct TenantPatchForm {
  std::optional<std::int64_t> version;
  std::optional<std::string> name;
  std::optional<bool> active;

  static const Table<TenantPatchForm>& Members() {
    static const auto table =
        Table<TenantPatchForm>("TenantPatch", "What is to be different; the rest stays.")
            .Add("version", &TenantPatchForm::version, {.doc = std::string(kVersionDoc)})
            .Add("name", &TenantPatchForm::name,
                 {.doc = "For people.", .min = 1, .max = identity::kMostName})
            .Add("active", &TenantPatchForm::active,
                 {.doc = "When false, none of its keys and tokens is taken."});
    return table;
  }
};

core::Result<Created<TenantView>> CreateTenant(const Asked& asked, const NewTenantForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  Noted<TenantView> noted(asked, "tenant.create");
  SB_TRY(const auto change, service->tenants().Create(noted.actor(), {.name = form.name}));
  return Created<TenantView>{ViewOf<TenantView>(change)};
}

core::Result<Page<TenantView>> ListTenants(const Asked& asked, const ListForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto page, service->tenants().List(ActorOf(asked), form.ToQuery()));
  return PageOf<TenantView>(page);
}

core::Result<TenantView> GetTenant(const Asked& asked) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, PathId<TenantId>(asked, 0, "tenant"));
  SB_TRY(const auto tenant, service->tenants().Get(ActorOf(asked), id));
  return TenantView::Of(tenant);
}

core::Result<TenantView> UpdateTenant(const Asked& asked, const TenantPatchForm& form) {
  SB_TRY(auto* service, IdentityOf(asked));
  SB_TRY(const auto id, PathId<TenantId>(asked, 0, "tenant"));
  Noted<TenantView> noted(asked, "tenant.update");
  SB_TRY(
      const auto change,
      service->tenants().Update(
          noted.actor(), id, {.version = form.version, .name = form.name, .active = form.active}));
  return ViewOf<TenantView>(change);
}

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/tenants", Rule::OfInstallation(Role::kAdmin), "createTenant",
     "Makes a tenant.", Takes<&CreateTenant>()},
    {Method::kGet, "/api/tenants", Rule::OfInstallation(Role::kViewer), "listTenants",
     "All tenants.", Reads<&ListTenants>()},
    {Method::kGet, "/api/tenants/{id}", Rule::Of(Role::kViewer), "getTenant",
     "One tenant; of one's own anybody may ask.", Finds<&GetTenant>()},
    {Method::kPatch, "/api/tenants/{id}", Rule::OfInstallation(Role::kAdmin), "updateTenant",
     "Renames a tenant, or switches it off and on.", Takes<&UpdateTenant>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes TenantRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
