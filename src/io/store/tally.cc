#include "io/store/tally.h"

#include "io/store/shared.h"

namespace signalbox::store {
namespace {

core::Status Wrong(const char* what) {
  return core::Fail(core::ErrorCode::kInvalidRequest, "out of range", what);
}

}  // namespace

core::Status CheckTally(const Tally& tally) {
  SB_CHECK_OK(CheckEntry(tally.key, {}, tally.ttl));
  if (tally.teller.empty()) {
    return core::Fail(core::ErrorCode::kInvalidRequest, "a teller needs a name", "teller");
  }
  SB_CHECK_OK(CheckText(tally.teller, "teller"));
  if (tally.ttl.count() == 0) {
    return Wrong("ttl");
  }
  if (tally.sequence < 1 || tally.sequence > kMostAmount) {
    return Wrong("sequence");
  }
  return 0 <= tally.amount && tally.amount <= kMostAmount ? core::Status{} : Wrong("amount");
}

}  // namespace signalbox::store
