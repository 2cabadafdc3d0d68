// Wrapped data keys in a file of the data directory, `keys.json`.
//
// Owner, Threads, Errors, Cancel: as KeyStore's. Processes that share the file take turns by a lock
// on `keys.json.lock`; a kill lets go of it.
#pragma once

#include <mutex>
#include <string>

#include "io/store/vault/key_store.h"

namespace signalbox::vault {

class FileKeyStore final : public KeyStore {
 public:
  explicit FileKeyStore(std::string path) : path_(std::move(path)) {}

  core::Result<KeySet> Load() override;
  core::Status Save(const KeySet& set) override;
  std::string Name() const override { return path_; }

 private:
  std::string path_;
  std::mutex mutex_;  // among the threads of this process
};

}  // namespace signalbox::vault
