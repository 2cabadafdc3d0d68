// A change that somebody made, as the audit trail is told of it.
//
// Owner: plain data. Threads: any. Errors: none. Cancel: nothing to undo.
#pragma once

#include <string>

#include "base/core/ids.h"
#include "base/core/time.h"
#include "pipeline/request/attribution.h"

namespace signalbox::api {

struct Deed {
  core::WallTime at{};
  core::RequestId request;   // by which it was asked for
  std::string who;           // id of the key or the user; empty: anonymous
  request::TenantId tenant;  // whose thing was changed; zero: the installation's
  std::string action;        // "key.create", "budget.update"
  std::string subject;       // id of what was changed
  std::string before;        // JSON without secrets; empty: there was none
  std::string after;         // the same; empty: there is none any more
};

}  // namespace signalbox::api
