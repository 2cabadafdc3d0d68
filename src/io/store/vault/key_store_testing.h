// A key store in memory that a test can look into and trip up.
#pragma once

#include <mutex>

#include "io/store/vault/key_store.h"

namespace signalbox::vault {

class MemoryKeyStore final : public KeyStore {
 public:
  core::Result<KeySet> Load() override {
    const std::lock_guard lock(mutex_);
    return set_;
  }
  core::Status Save(const KeySet& set) override {
    const std::lock_guard lock(mutex_);
    ++saves_;
    if (fail_next_ > 0) {
      --fail_next_;
      return core::Fail(core::ErrorCode::kUnavailable, "no space left on device");
    }
    if (set.revision != set_.revision + 1) {
      return core::Fail(core::ErrorCode::kConflict, "changed meanwhile");
    }
    set_ = set;
    return {};
  }
  std::string Name() const override { return "memory"; }

  KeySet& set() { return set_; }
  int saves() const { return saves_; }
  void FailNext(int times) { fail_next_ = times; }

 private:
  std::mutex mutex_;
  KeySet set_;
  int saves_ = 0;
  int fail_next_ = 0;
};

}  // namespace signalbox::vault
