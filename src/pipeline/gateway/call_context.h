// What a call has with it on its way from its attempts to its account. Internal to the gateway.
//
// Owner:   Gateway::Run, for one call; what it refers to outlives the call's run.
// Threads: the worker's. Errors: none. Cancel: nothing to undo.
#pragma once

#include "pipeline/gateway/gateway.h"
#include "pipeline/quota/worst_case.h"
#include "pipeline/request/admission.h"

namespace signalbox::gateway {

struct CallContext {
  Gateway& gateway;
  Lineup& lineup;
  const request::Call& call;
  const request::Principal& principal;
  Scratch& scratch;
  request::Pass* pass = nullptr;  // null: nothing limits the call
  quota::CallSize size{};         // known where there is a pass
};

}  // namespace signalbox::gateway
