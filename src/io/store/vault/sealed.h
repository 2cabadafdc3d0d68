// The bytes of a sealed thing, and sealing and opening with a key at hand.
//
//   form (1), data key's id (16), nonce (24), ciphertext, tag (16)       kWhole
//   form (1), data key's id (16), stream header (24), chunks             kStream
//
// A whole thing is XChaCha20-Poly1305. A stream is libsodium's secretstream: chunks of 64 KiB, each
// with 17 bytes of its own, the last one marked; they cannot be changed, left out, moved or cut
// off. The form's byte begins no UTF-8 text, so that sealed things are told from plain ones.
//
// Pure but for the nonce. Threads: any.
// Errors:  kInternal: altered, damaged, cut off, or sealed for something else: which of these
// cannot
//          be told apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/vault/data_key.h"

namespace signalbox::vault {

enum class Form : unsigned char { kWhole = 0xb1, kStream = 0xb2 };

inline constexpr std::size_t kHeadBytes = 1 + 16 + 24;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kOverhead = kHeadBytes + kTagBytes;  // of a whole thing

struct SealedHead {
  Form form = Form::kWhole;
  DataKeyId key;
  std::string_view nonce;  // into the sealed bytes
};

// Nothing when `bytes` do not begin as a sealed thing does.
std::optional<SealedHead> ParseHead(std::string_view bytes);

// What is authenticated beside the ciphertext: form, key, purpose, and what the caller says.
std::string BoundTo(Form form, const DataKey& key, std::string_view associated);

std::string SealWhole(const DataKey& key, std::string_view plaintext, std::string_view associated);
// `key` is the one that the head names.
core::Result<std::string> UnsealWhole(const DataKey& key, std::string_view sealed,
                                      std::string_view associated);

core::Error Unopenable(const DataKeyId& key);

}  // namespace signalbox::vault
