#include "surface/api/identity_asked.h"

namespace signalbox::api {

core::Result<identity::Identity*> IdentityOf(const Asked& asked) {
  if (asked.services.identity == nullptr) {
    return core::Fail(core::ErrorCode::kUnavailable, "keys and users are not kept here");
  }
  return asked.services.identity;
}

const config::Table<ListForm>& ListForm::Members() {
  static const auto table =
      config::Table<ListForm>("ListQuery", "A part of a list, in the order of ids.")
          .Add("tenant", &ListForm::tenant, {.doc = std::string(kTenantDoc)})
          .Add("search", &ListForm::search, {.doc = "Part of the name.", .max = 100})
          .Add("after", &ListForm::after, {.doc = "`next` of the part before.", .max = 100})
          .Add("limit", &ListForm::limit,
               {.doc = "At most so many.", .min = 1, .max = identity::kMostRows});
  return table;
}

}  // namespace signalbox::api
