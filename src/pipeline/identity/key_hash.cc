#include "pipeline/identity/key_hash.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "pipeline/identity/token.h"

namespace signalbox::identity {

core::Result<KeyHasher> KeyHasher::Create(const Secret& secret) {
  if (sodium_init() < 0) {
    return core::Fail(core::ErrorCode::kInternal, "libsodium cannot be used on this machine");
  }
  if (std::ranges::all_of(secret, [](std::byte byte) { return byte == std::byte{0}; })) {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      "keys cannot be hashed without the installation's secret");
  }
  return KeyHasher(secret);
}

KeyHash KeyHasher::Hash(request::KeyId id, std::string_view secret) const {
  std::array<unsigned char, sizeof(id.uuid.bytes) + kSecretSize> text{};
  const std::size_t taken = std::min(secret.size(), kSecretSize);
  std::memcpy(text.data(), id.uuid.bytes.data(), id.uuid.bytes.size());
  std::memcpy(text.data() + id.uuid.bytes.size(), secret.data(), taken);
  KeyHash hash;
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), text.data(),
                     text.size(), reinterpret_cast<const unsigned char*>(secret_.data()),
                     secret_.size());
  return hash;
}

bool Same(const KeyHash& a, const KeyHash& b) {
  std::uint64_t different = 0;
  for (std::size_t at = 0; at < a.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t left = 0;
    std::uint64_t right = 0;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    different |= left ^ right;
  }
  return different == 0;
}

}  // namespace signalbox::identity
