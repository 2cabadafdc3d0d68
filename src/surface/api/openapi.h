// The description of the API, written from the routes themselves: OpenAPI 3.1 for programs, a page
// for people.
//
// Owner: nobody, they are functions. Threads: any. Errors: none. Cancel: nothing to undo.
// Source: https://spec.openapis.org/oas/v3.1.0
#pragma once

#include <string>

#include "surface/api/router.h"

namespace signalbox::api {

std::string OpenApiJson(const Router& router);
// docs/api.md
std::string ApiPage(const Router& router);

}  // namespace signalbox::api
