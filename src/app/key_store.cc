#include "app/key_store.h"

#include <filesystem>

#include "io/store/vault/file_key_store.h"
#include "io/store/vault/sql_key_store.h"

namespace signalbox::app {

bool KeysAreShared(const Options& options) {
  return !options.store.records.empty();
}

std::unique_ptr<vault::KeyStore> OpenKeyStore(const Options& options, store::Sql* records) {
  if (KeysAreShared(options)) {
    return std::make_unique<vault::SqlKeyStore>(*records);
  }
  return std::make_unique<vault::FileKeyStore>(
      (std::filesystem::path(options.data) / "keys.json").string());
}

}  // namespace signalbox::app
