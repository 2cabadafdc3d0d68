// A worker's door: request::Admission over the registry that all workers share.
//
// Owner:   app/, one per worker; outlives its passes. Threads: the worker's.
// Errors:  those of request::Admission. Cancel: a Pass gives everything back when it goes.
// Budget:  a request with limits and budgets on key, user, team and tenant 0.4 us (README.md).
#pragma once

#include "base/core/spares.h"
#include "pipeline/quota/pass.h"

namespace signalbox::quota {

class Admission final : public request::Admission {
 public:
  explicit Admission(Registry& registry, SliceSource* slices = nullptr,
                     async::Loop* loop = nullptr);

  core::Result<PassPtr> Admit(const request::Wanted& wanted) override;

 private:
  static constexpr std::size_t kSpares = 1024;

  void TakeBack(request::Pass* pass) override;

  Allowance everybody_;
  Desk desk_;
  core::Spares<Pass, kSpares> spares_;
};

}  // namespace signalbox::quota
