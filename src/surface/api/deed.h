// A change that somebody makes, as the audit trail is told of it: just before it is made, and once
// more if it was not made after all.
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
  request::TenantId tenant;  // whose thing is changed; zero: the installation's
  std::string action;        // "key.create", "budget.update"
  std::string subject;       // id of what is changed
  std::string before;        // JSON without secrets; empty: there is none
  std::string after;         // the same; empty: there is none any more
  std::string failure;       // why it was not made, though it was told; empty: it is
};

}  // namespace signalbox::api
