#include "io/store/vault/secret_key.h"

#include <sodium.h>

#include <cstdlib>
#include <cstring>

#include "base/core/random.h"

namespace signalbox::vault {

void SecretKey::Free::operator()(unsigned char* bytes) const {
  sodium_free(bytes);
}

SecretKey::SecretKey() {
  static const int ready = sodium_init();  // picks the fastest code for this processor
  bytes_.reset(ready < 0 ? nullptr : static_cast<unsigned char*>(sodium_malloc(kKeyBytes)));
  if (bytes_ == nullptr) {
    std::abort();
  }
}

SecretKey SecretKey::New() {
  SecretKey key;
  core::Entropy(std::as_writable_bytes(std::span(key.bytes_.get(), kKeyBytes)));
  return key;
}

SecretKey SecretKey::Of(std::string_view bytes) {
  if (bytes.size() != kKeyBytes) {
    std::abort();
  }
  SecretKey key;
  std::memcpy(key.bytes_.get(), bytes.data(), kKeyBytes);
  return key;
}

SecretKey SecretKey::Copy() const {
  return Of(view());
}

void Wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace signalbox::vault
