// The master key: the one secret that the operator keeps. It wraps the data keys and nothing else.
//
// Owner:   the Vault.
// Threads: read only.
// Errors:  kInvalidRequest: the text is no key, with the forms that are; never repeats it.
// Cancel:  nothing waits.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"
#include "io/store/vault/secret_key.h"

namespace signalbox::vault {

// Says which master key, not what it is: a keyed hash of a fixed text. "mkey_00f1e2d3c4b5a697"
struct MasterKeyId {
  std::uint64_t value = 0;

  std::string Text() const;
  static std::optional<MasterKeyId> Parse(std::string_view text);
  friend auto operator<=>(const MasterKeyId&, const MasterKeyId&) = default;
};

struct MasterKey {
  SecretKey key;
  MasterKeyId id;

  static MasterKey New();
  // 64 hexadecimal digits, or 32 bytes in base64; blanks around it do not count.
  static core::Result<MasterKey> Parse(std::string_view text);
  MasterKey Copy() const { return {key.Copy(), id}; }
  // In base64 with a line end, as its file holds it. The caller wipes it.
  std::string FileText() const;
};

}  // namespace signalbox::vault
