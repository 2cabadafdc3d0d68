#include "surface/api/all_routes.h"

namespace signalbox::api {

std::vector<Routes> ManagementRoutes() {
  return {SelfRoutes(),   KeyRoutes(),    UserRoutes(),   TeamRoutes(),  ProjectRoutes(),
          TenantRoutes(), BudgetRoutes(), LimitRoutes(),  UsageRoutes(), RequestRoutes(),
          AuditRoutes(),  CacheRoutes(),  ErasureRoutes()};
}

}  // namespace signalbox::api
