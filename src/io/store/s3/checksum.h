// SHA-256 sums as S3 keeps them, in base64.
//
// Owner: the caller. Threads: one. Errors: none. Cancel: nothing waits.
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace signalbox::s3 {

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void Add(std::string_view bytes) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  }
  std::string Base64();

 private:
  crypto_hash_sha256_state state_;
};

// Of a sum in hexadecimal digits.
std::string ChecksumOf(std::string_view sha256_hex);

}  // namespace signalbox::s3
