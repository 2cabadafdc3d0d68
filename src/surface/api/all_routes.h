// The tables of the management API: one per kind of thing, in the file of its handlers
// (key_routes.cc, …).
//
// Owner: constants. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <vector>

#include "surface/api/route.h"

namespace signalbox::api {

Routes SelfRoutes();
Routes KeyRoutes();
Routes UserRoutes();
Routes TeamRoutes();
Routes ProjectRoutes();
Routes TenantRoutes();
Routes BudgetRoutes();
Routes LimitRoutes();
Routes UsageRoutes();
Routes RequestRoutes();
Routes AuditRoutes();
Routes CacheRoutes();
Routes ErasureRoutes();

std::vector<Routes> ManagementRoutes();

}  // namespace signalbox::api
