// The section `encryption`, and the vault that it describes.
//
// Owner:   the configuration; app/ owns the vault. Threads: one, at start; blocks.
// Errors:  as the Vault's and the key file's, with the option's name.
// Cancel:  a kill while a key file is made or rotated leaves it usable.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/config/environment.h"
#include "base/config/table.h"
#include "io/store/vault/vault.h"

namespace signalbox::vault {

struct EncryptionOptions {
  config::Secret key;           // empty: SIGNALBOX_MASTER_KEY, else the file
  config::Secret previous_key;  // opens what `key` does not yet
  std::string key_file;         // empty: master.key of the data directory
};
const config::Table<EncryptionOptions>& EncryptionTable();

// Where the master key's file is, whether or not it is in use.
std::string KeyFilePath(const EncryptionOptions& options, const std::string& data_directory);

// The vault over `store` with the master key that the options, the environment or the file give. A
// file is made when there is none and `store` has no keys yet.
core::Result<std::unique_ptr<Vault>> OpenVault(const EncryptionOptions& options,
                                               const config::Environment& environment,
                                               const std::string& data_directory, KeyStore& store);

struct MasterRotation {
  MasterKeyId master;  // that wraps the data keys now
  std::string path;    // of the file it is in; empty: the configuration's
};
// Wraps the data keys by another master key: a new one in the key's file; or, where the
// configuration or the environment gives the key, that one in place of `previous_key`. kNotFound:
// `store` has no keys yet. kConflict: the key that is given wraps them already.
core::Result<MasterRotation> RotateMasterKey(const EncryptionOptions& options,
                                             const config::Environment& environment,
                                             const std::string& data_directory, KeyStore& store);

}  // namespace signalbox::vault
