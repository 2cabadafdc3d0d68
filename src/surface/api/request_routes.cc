// What became of requests.
#include "surface/api/all_routes.h"
#include "surface/api/request_story.h"

namespace signalbox::api {
namespace {

using core::ErrorCode;
using net::Method;

core::Result<Download> GetRequest(const Asked& asked) {
  const auto id = core::RequestId::Parse(asked.parameters.front());
  if (!id) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "a request's id looks like req_0190… with 32 digits, as "
                      "x-signalbox-request-id has it");
  }
  SB_TRY(auto told, TellRequest(asked.services.data, *id, Scope(asked.principal)));
  if (!told) {
    return core::Fail(ErrorCode::kNotFound,
                      "the ledger has no request of that id: none was made, no model was called "
                      "for it, or its records are older than ledger.keep");
  }
  return Download{.type = "application/json", .text = *std::move(told)};
}

constexpr Route kRoutes[] = {
    {Method::kGet, "/api/requests/{id}", Rule::Of(request::Role::kViewer), "getRequest",
     "What became of a request: its attempts, what they used, what it cost.", Does<&GetRequest>()},
};
static_assert(NoneOpen(kRoutes));

}  // namespace

Routes RequestRoutes() {
  return kRoutes;
}

}  // namespace signalbox::api
