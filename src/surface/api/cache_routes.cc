// The exact cache: how full it is, and forgetting answers.
#include "pipeline/cache/exact_cache.h"
#include "surface/api/all_routes.h"
#include "surface/api/field_types.h"
#include "surface/api/noted.h"
#include "surface/api/period_form.h"

namespace signalbox::api {
namespace {

using config::Table;
using net::Method;
using request::Role;

struct CacheView {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t evictions = 0;

  static const Table<CacheView>& Members() {
    static const auto table =
        Table<CacheView>("Cache", "How full the exact cache is, of all tenants together.")
            .Add("entries", &CacheView::entries, {.doc = "Answers that are kept."})
            .Add("bytes", &CacheView::bytes, {.doc = "The memory they take."})
            .Add("evictions", &CacheView::evictions, {.doc = "Answers that had to make room."});
    return table;
  }
};

struct PurgeForm {
  std::string model;
  std::string tag;
  bool all = false;

  static const Table<PurgeForm>& Members() {
    static const auto table =
        Table<PurgeForm>("CachePurge", "Which answers to forget; what is given has to hold.")
            .Add("model", &PurgeForm::model,
                 {.doc = "Of that model as sent to the provider, or provider/model.", .max = 255})
            .Add("tag", &PurgeForm::tag, {.doc = "To requests with that tag.", .max = 255})
            .Add("all", &PurgeForm::all, {.doc = "All of them, when neither is given."});
    return table;
  }
};

struct PurgedView {
  std::uint64_t forgotten = 0;

  static const Table<PurgedView>& Members() {
    static const auto table =
        Table<PurgedView>("CachePurged", "What became of it.")
            .Add("forgotten", &PurgedView::forgotten, {.doc = "Answers that were forgotten."});
    return table;
  }
};

core::Result<cache::ExactCache*> CacheOf(const Asked& asked) {
  if (asked.services.cache == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable, "no answers are cached here");
  }
  return asked.services.cache;
}

core::Result<CacheView> GetCache(const Asked& asked) {
  SB_TRY(const auto* cache, CacheOf(asked));
  const cache::ExactCache::Size size = cache->size();
  return CacheView{.entries = size.entries, .bytes = size.bytes, .evictions = size.evictions};
}

// A tenant's operator forgets the tenant's answers, the installation's those of all or of one.
core::Result<PurgedView> PurgeCache(const Asked& asked, const PurgeForm& form) {
  if (form.all != (form.model.empty() && form.tag.empty())) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "all: expected either true, or a model or a tag", "all");
  }
  SB_TRY(auto* cache, CacheOf(asked));
  SB_TRY(const auto scope, LedgerScopeOf(asked));
  const auto& tenant = scope.tenant;
  Note note(asked, "cache.purge");
  SB_CHECK_OK(note.Tell(tenant.value_or(request::TenantId()), tenant ? tenant->Text() : "all",
                        JsonOf(form), ""));
  return PurgedView{.forgotten = cache->Forget(
                        {.key = {}, .tenant = tenant, .model = form.model, .tag = form.tag})};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/cache", Rule::OfInstallation(Role::kViewer), "getCache",
     "How full the exact cache is.", Does<&GetCache>()},
    {Method::kPost, "/api/cache/purge", Rule::Of(Role::kOperator), "purgeCache",
     "Forgets answers: the tenant's, of a model, of a tag.", Takes<&PurgeCache>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes CacheRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
