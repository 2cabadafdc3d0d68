#include "io/store/vault/vault.h"

#include <sodium.h>

namespace signalbox::vault {
namespace {

constexpr std::string_view kNotSealed = "not a sealed thing, or only a piece of one";

}  // namespace

core::Result<std::unique_ptr<Vault>> Vault::Open(KeyStore& store, std::vector<MasterKey> masters,
                                                 FindMasters find, Clock clock) {
  if (masters.empty()) {
    return core::Fail(core::ErrorCode::kUnauthenticated, "no master key is given");
  }
  std::unique_ptr<Vault> vault(new Vault(store, std::move(masters), std::move(find), clock));
  const std::lock_guard lock(vault->changing_);
  SB_CHECK_OK(vault->Load());
  return vault;
}

core::Result<std::string> Vault::Seal(Purpose purpose, std::string_view plaintext,
                                      std::string_view associated) {
  SB_TRY(const DataKeyPointer key, Newest(purpose.text()));
  return SealWhole(*key, plaintext, associated);
}

core::Result<std::string> Vault::Unseal(Purpose purpose, std::string_view sealed,
                                        std::string_view associated) {
  const auto head = ParseHead(sealed);
  if (!head) {
    return core::Fail(core::ErrorCode::kInternal, std::string(kNotSealed));
  }
  SB_TRY(const DataKeyPointer key, Named(purpose.text(), head->key));
  return UnsealWhole(*key, sealed, associated);
}

core::Result<StreamSealer> Vault::SealStream(Purpose purpose, std::string_view associated) {
  SB_TRY(DataKeyPointer key, Newest(purpose.text()));
  return StreamSealer(std::move(key), associated);
}

core::Result<StreamOpener> Vault::UnsealStream(Purpose purpose, std::string_view head,
                                               std::string_view associated) {
  const auto parsed = ParseHead(head);
  if (!parsed) {
    return core::Fail(core::ErrorCode::kInternal, std::string(kNotSealed));
  }
  SB_TRY(DataKeyPointer key, Named(purpose.text(), parsed->key));
  return StreamOpener(std::move(key), head, associated);
}

core::Result<Derived> Vault::Derive(Purpose purpose, std::string_view what) {
  SB_CHECK_OK(Newest(purpose.text()));  // made if there is none
  const DataKeyPointer key = state()->ring.First(purpose.text());
  Derived derived;
  crypto_generichash(reinterpret_cast<unsigned char*>(derived.data()), derived.size(),
                     reinterpret_cast<const unsigned char*>(what.data()), what.size(),
                     key->key.data(), kKeyBytes);
  return derived;
}

core::Result<DataKeyId> Vault::Rotate(Purpose purpose) {
  SB_TRY(const DataKeyPointer key, Make(purpose.text(), state()->ring.Newest(purpose.text())));
  return key->id;
}

MasterKeyId Vault::master() const {
  return state()->master;
}

std::vector<KeyInfo> Vault::Keys() const {
  const StatePointer now = state();
  std::vector<KeyInfo> keys;
  for (const DataKeyPointer& key : now->ring.keys()) {
    keys.push_back({.id = key->id,
                    .purpose = key->purpose,
                    .made = key->id.uuid.Time(),
                    .newest = now->ring.Newest(key->purpose) == key});
  }
  return keys;
}

}  // namespace signalbox::vault
