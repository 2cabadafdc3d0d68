#include "io/store/memory/shared_in_memory.h"

#include "io/store/shared_contract_testing.h"

namespace signalbox::store {
namespace {

class Rig final : public SharedRig {
 public:
  explicit Rig(async::Loop& loop) : SharedRig(loop), shared_(loop) {}
  static bool Missing() { return false; }
  Shared& shared() override { return shared_; }
  async::Task<void> Lose() override {
    shared_.Forget();
    co_return;
  }

 private:
  SharedInMemory shared_;
};

SB_SHARED_CONTRACT(SharedInMemory, Rig)

}  // namespace
}  // namespace signalbox::store
