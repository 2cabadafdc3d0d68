#include "pipeline/quota/admission.h"

namespace signalbox::quota {

Admission::Admission(Registry& registry, SliceSource* slices, async::Loop* loop)
    : desk_{registry, everybody_, slices, loop} {
  ResolveInto(registry, {}, everybody_);
}

core::Result<Admission::PassPtr> Admission::Admit(const request::Wanted& wanted) {
  std::unique_ptr<Pass> pass = spares_.Take();
  if (auto admitted = pass->Begin(desk_, wanted); !admitted) {
    spares_.Give(std::move(pass));
    return std::unexpected(std::move(admitted).error());
  }
  return PassPtr(pass.release(), Return{this});
}

void Admission::TakeBack(request::Pass* pass) {
  std::unique_ptr<Pass> own(static_cast<Pass*>(pass));
  own->End();
  spares_.Give(std::move(own));
}

}  // namespace signalbox::quota
