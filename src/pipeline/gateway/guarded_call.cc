#include "pipeline/gateway/guarded_call.h"

namespace signalbox::gateway {

GuardedCall::GuardedCall(Gateway& gateway, const request::Call& call,
                         const cache::Flights::Lead* lead)
    : gateway_(gateway), lead_(lead), call_(call) {
  if (lead == nullptr || call.cancellation == nullptr) {
    return;
  }
  callers_ = call.cancellation;
  callers_->set_listener(this);
  call_.cancellation = &own_;
  if (callers_->cancelled()) {
    own_.Cancel();
  }
}

GuardedCall::~GuardedCall() {
  if (callers_ != nullptr) {
    callers_->set_listener(nullptr);
    std::erase(gateway_.orphans_, &own_);
  }
}

void GuardedCall::Cancelled() {
  if (lead_->followed() && !gateway_.stopping_.cancelled()) {
    gateway_.orphans_.push_back(&own_);
  } else {
    own_.Cancel();
  }
}

}  // namespace signalbox::gateway
