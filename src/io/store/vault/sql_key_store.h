// Wrapped data keys in a table, for processes that share a database.
//
// Owner, Threads, Errors, Cancel: as KeyStore's. The database outlives it.
#pragma once

#include <span>
#include <string>

#include "io/store/migration.h"
#include "io/store/sql.h"
#include "io/store/vault/key_store.h"

namespace signalbox::vault {

// The table data_keys.
std::span<const store::Migration> Migrations();

class SqlKeyStore final : public KeyStore {
 public:
  explicit SqlKeyStore(store::Sql& sql) : sql_(sql) {}

  core::Result<KeySet> Load() override;
  core::Status Save(const KeySet& set) override;
  std::string Name() const override { return sql_.Name(); }

 private:
  store::Sql& sql_;
};

}  // namespace signalbox::vault
