// What of a request's head says whose API is spoken. Views of the head.
#pragma once

#include "io/net/http_head.h"
#include "surface/api/model_routes.h"
#include "surface/api/rule.h"

namespace signalbox::api {

inline CallHead CallHeadOf(const net::RequestHead& head) {
  return {head.path, head.query, head.fields.Get("user-agent")};
}

// Viewers look; whoever calls models spends money.
inline constexpr Rule kModelCallRule = Rule::Of(request::Role::kMember);

}  // namespace signalbox::api
