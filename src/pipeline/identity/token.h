// The text of a virtual key: `sb_<id>_<secret>`, id 32 hexadecimal digits, secret 48 characters of
// five random bits each.
//
// Owner:   plain data; a KeyToken is a view of the text it was read from.
// Threads: any. Errors: nullopt for any other text. Cancel: nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/request/attribution.h"

namespace signalbox::identity {

inline constexpr std::string_view kTokenStart = "sb_";
inline constexpr std::size_t kIdSize = 32;
inline constexpr std::size_t kSecretSize = 48;  // 240 bits
inline constexpr std::size_t kTokenSize = kTokenStart.size() + kIdSize + 1 + kSecretSize;
inline constexpr std::size_t kHintSize = 4;

struct KeyToken {
  request::KeyId id;
  std::string_view secret;

  static std::optional<KeyToken> Parse(std::string_view text);
};

// A new secret from the kernel's entropy.
std::string NewSecret();
std::string TokenText(request::KeyId id, std::string_view secret);

}  // namespace signalbox::identity
