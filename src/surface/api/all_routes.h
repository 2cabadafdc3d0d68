// The tables of the management API: one per kind of thing, in the file of its handlers.
//
// Owner: constants. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <vector>

#include "surface/api/route.h"

namespace signalbox::api {

Routes SelfRoutes();     // self_routes.cc: who am I
Routes RequestRoutes();  // request_routes.cc: what became of requests

std::vector<Routes> ManagementRoutes();

}  // namespace signalbox::api
