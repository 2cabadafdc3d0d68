#include "io/store/vault/data_key.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstddef>

#include "base/core/random.h"
#include "io/store/vault/key_set_json.h"

namespace signalbox::vault {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
static_assert(kBoxBytes == kNonceBytes + kKeyBytes + crypto_aead_xchacha20poly1305_ietf_ABYTES);

// What a box is bound to: moved to another key's place, or under another master key, it is void.
std::string BoundTo(const DataKeyId& id, std::string_view purpose, const MasterKeyId& master) {
  return fmt::format("signalbox data key 1\n{}\n{}\n{}", id.Text(), purpose, master.Text());
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

WrappedKey Wrap(const DataKey& key, const MasterKey& master) {
  const std::string bound = BoundTo(key.id, key.purpose, master.id);
  std::string box(kBoxBytes, '\0');
  core::Entropy(std::as_writable_bytes(std::span(box)).first(kNonceBytes));
  auto* out = reinterpret_cast<unsigned char*>(box.data());
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kNonceBytes, nullptr, key.key.data(), kKeyBytes,
                                             Bytes(bound), bound.size(), nullptr, out,
                                             master.key.data());
  return {key.id, key.purpose, std::move(box)};
}

core::Result<DataKeyPointer> Unwrap(const WrappedKey& wrapped, const MasterKey& master) {
  const std::string bound = BoundTo(wrapped.id, wrapped.purpose, master.id);
  std::string bytes(kKeyBytes, '\0');
  const Wiped wiped(bytes);
  if (wrapped.box.size() != kBoxBytes ||
      crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(bytes.data()), nullptr, nullptr,
          Bytes(wrapped.box) + kNonceBytes, kBoxBytes - kNonceBytes, Bytes(bound), bound.size(),
          Bytes(wrapped.box), master.key.data()) != 0) {
    return core::Fail(core::ErrorCode::kInternal,
                      wrapped.id.Text() + " is damaged: it does not open under " +
                          master.id.Text() + ", which the keys name as theirs");
  }
  return std::make_shared<const DataKey>(wrapped.id, wrapped.purpose, SecretKey::Of(bytes));
}

core::Result<KeyRing> KeyRing::Of(const KeySet& set, const MasterKey& master) {
  KeyRing ring;
  ring.revision_ = set.revision;
  for (const WrappedKey& wrapped : set.keys) {
    SB_TRY(DataKeyPointer key, Unwrap(wrapped, master));
    ring.by_id_.emplace(key->id, ring.keys_.size());
    ring.newest_.insert_or_assign(key->purpose, ring.keys_.size());
    ring.keys_.push_back(std::move(key));
  }
  return ring;
}

DataKeyPointer KeyRing::Find(const DataKeyId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : keys_[found->second];
}

DataKeyPointer KeyRing::Newest(std::string_view purpose) const {
  const auto found = newest_.find(purpose);
  return found == newest_.end() ? nullptr : keys_[found->second];
}

DataKeyPointer KeyRing::First(std::string_view purpose) const {
  const auto found = std::ranges::find_if(
      keys_, [purpose](const DataKeyPointer& key) { return key->purpose == purpose; });
  return found == keys_.end() ? nullptr : *found;
}

}  // namespace signalbox::vault
