#include "io/store/vault/options.h"

#include <algorithm>

#include "io/store/vault/key_file.h"

namespace signalbox::vault {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kVariable = "SIGNALBOX_MASTER_KEY";

core::Status Add(std::vector<MasterKey>& keys, std::string_view text, std::string_view name) {
  auto key = MasterKey::Parse(text);
  if (!key) {
    return std::unexpected(std::move(key).error().At(name));
  }
  keys.push_back(*std::move(key));
  return {};
}

bool UsesFile(const EncryptionOptions& options, const config::Environment& environment) {
  return options.key.empty() && environment.Find(kVariable).value_or("").empty();
}

core::Result<std::vector<MasterKey>> MasterKeys(const EncryptionOptions& options,
                                                const config::Environment& environment,
                                                const std::string& path, const KeySet& set) {
  std::vector<MasterKey> keys;
  if (UsesFile(options, environment)) {
    SB_TRY(keys, set.revision == 0 ? MakeKeyFile(path) : KeysOfFile(path, set.master));
  } else if (!options.key.empty()) {
    SB_CHECK_OK(Add(keys, options.key.Reveal(), "encryption.key"));
  } else {
    SB_CHECK_OK(Add(keys, *environment.Find(kVariable), kVariable));
  }
  if (!options.previous_key.empty()) {
    SB_CHECK_OK(Add(keys, options.previous_key.Reveal(), "encryption.previous_key"));
  }
  return keys;
}

}  // namespace

const config::Table<EncryptionOptions>& EncryptionTable() {
  static const auto table =
      config::Table<EncryptionOptions>(
          "encryption", "How prompts, memories and keys are encrypted where they are kept.")
          .Add("key", &EncryptionOptions::key,
               {.doc = "The master key, 32 random bytes in base64 or hexadecimal digits; without "
                       "it SIGNALBOX_MASTER_KEY of the environment, and without that key_file.",
                .restart = true})
          .Add("previous_key", &EncryptionOptions::previous_key,
               {.doc = "The master key before `key`, until `signalbox keys rotate-master` has "
                       "wrapped the data keys by the new one.",
                .restart = true})
          .Add("key_file", &EncryptionOptions::key_file,
               {.doc = "The file of the master key, made at the first start; without it "
                       "master.key in the data directory. Keep a copy of it apart from the data.",
                .restart = true});
  return table;
}

std::string KeyFilePath(const EncryptionOptions& options, const std::string& data_directory) {
  return options.key_file.empty() ? data_directory + "/master.key" : options.key_file;
}

core::Result<std::unique_ptr<Vault>> OpenVault(const EncryptionOptions& options,
                                               const config::Environment& environment,
                                               const std::string& data_directory, KeyStore& store) {
  const std::string path = KeyFilePath(options, data_directory);
  SB_TRY(const KeySet set, store.Load());
  SB_TRY(auto masters, MasterKeys(options, environment, path, set));
  Vault::FindMasters look_into_file;
  if (UsesFile(options, environment)) {
    look_into_file = [path](const MasterKeyId& wanted) { return KeysOfFile(path, wanted); };
  }
  auto vault = Vault::Open(store, std::move(masters), std::move(look_into_file));
  if (!vault) {
    return vault;
  }
  SB_CHECK_OK(SettleKeyFile(path, (*vault)->master()));
  return vault;
}

core::Result<MasterRotation> RotateMasterKey(const EncryptionOptions& options,
                                             const config::Environment& environment,
                                             const std::string& data_directory, KeyStore& store) {
  SB_TRY(const KeySet set, store.Load());
  if (set.revision == 0) {
    return core::Fail(core::ErrorCode::kNotFound,
                      store.Name() +
                          ": no data keys yet, so there is nothing to wrap anew; is "
                          "that the data directory?");
  }
  const std::string path = KeyFilePath(options, data_directory);
  SB_TRY(const auto vault, OpenVault(options, environment, data_directory, store));
  if (UsesFile(options, environment)) {
    SB_CHECK_OK(RotateKeyFile(*vault, path));
    return MasterRotation{.master = vault->master(), .path = path};
  }
  SB_TRY(const auto given, MasterKeys(options, environment, path, set));
  if (vault->master() == given.front().id) {
    return core::Fail(core::ErrorCode::kConflict,
                      "the data keys are wrapped by the key that is given already; to change it, "
                      "give a new one as encryption.key and this one as encryption.previous_key");
  }
  SB_CHECK_OK(vault->RotateMaster(given.front()));
  return MasterRotation{.master = vault->master(), .path = {}};
}

}  // namespace signalbox::vault
