#include "surface/api/doing.h"

namespace signalbox::api {

const config::Table<TenantQuery>& TenantQuery::Members() {
  static const auto table =
      config::Table<TenantQuery>("TenantQuery", "Whose things.")
          .Add("tenant", &TenantQuery::tenant, {.doc = std::string(kTenantDoc)});
  return table;
}

const config::Table<NoQuery>& NoQuery::Members() {
  static const auto table = config::Table<NoQuery>("NoQuery", "No parameters.");
  return table;
}

}  // namespace signalbox::api
