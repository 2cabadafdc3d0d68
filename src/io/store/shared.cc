#include "io/store/shared.h"

namespace signalbox::store {
namespace {

using core::ErrorCode;
using core::Fail;

constexpr std::chrono::hours kMostTtl{400 * 24};

}  // namespace

core::Status CheckKey(std::string_view key) {
  if (key.empty()) {
    return Fail(ErrorCode::kInvalidRequest, "a key needs a name", "key");
  }
  return CheckText(key, "key");
}

core::Status CheckEntry(std::string_view key, std::string_view value, Shared::Millis ttl) {
  SB_CHECK_OK(CheckKey(key));
  if (value.size() > kMostValueBytes) {
    return Fail(ErrorCode::kInvalidRequest, "a value is larger than 1 MiB", "value");
  }
  if (ttl.count() < 0 || ttl > kMostTtl) {
    return Fail(ErrorCode::kInvalidRequest, "a time to live is out of range", "ttl");
  }
  return {};
}

core::Status CheckLease(std::string_view name, std::string_view holder, Shared::Millis ttl) {
  SB_CHECK_OK(CheckEntry(name, {}, ttl));
  if (holder.empty() || ttl.count() == 0) {
    return Fail(ErrorCode::kInvalidRequest, "a lease needs a holder and an end");
  }
  return CheckText(holder, "holder");
}

}  // namespace signalbox::store
