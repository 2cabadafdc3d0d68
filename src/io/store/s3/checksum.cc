#include "io/store/s3/checksum.h"

#include "base/core/base64.h"

namespace signalbox::s3 {

std::string Sha256::Base64() {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256_final(&state_, reinterpret_cast<unsigned char*>(digest.data()));
  return core::ToBase64(digest);
}

std::string ChecksumOf(std::string_view sha256_hex) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  sodium_hex2bin(reinterpret_cast<unsigned char*>(digest.data()), digest.size(), sha256_hex.data(),
                 sha256_hex.size(), nullptr, nullptr, nullptr);
  return core::ToBase64(digest);
}

}  // namespace signalbox::s3
