#include "pipeline/identity/token.h"

#include <algorithm>
#include <array>

#include "base/core/random.h"

namespace signalbox::identity {
namespace {

// Lower-case letters and digits without those that look alike (RFC 4648 section 6, in lower case).
constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
static_assert(kAlphabet.size() == 32);

}  // namespace

std::optional<KeyToken> KeyToken::Parse(std::string_view text) {
  if (text.size() != kTokenSize || !text.starts_with(kTokenStart)) {
    return std::nullopt;
  }
  text.remove_prefix(kTokenStart.size());
  const auto uuid = core::Uuid::FromHex(text.substr(0, kIdSize));
  const std::string_view secret = text.substr(kIdSize + 1);
  if (!uuid || text[kIdSize] != '_') {
    return std::nullopt;
  }
  return KeyToken{.id = {*uuid}, .secret = secret};
}

std::string NewSecret() {
  std::array<std::byte, kSecretSize> random;
  core::Entropy(random);
  std::string secret(kSecretSize, '\0');
  std::ranges::transform(random, secret.begin(), [](std::byte byte) {
    return kAlphabet[std::to_integer<std::size_t>(byte) % kAlphabet.size()];
  });
  return secret;
}

std::string TokenText(request::KeyId id, std::string_view secret) {
  std::string text(kTokenStart);
  text.resize(kTokenStart.size() + kIdSize);
  id.uuid.ToHex(text.data() + kTokenStart.size());
  return text.append("_").append(secret);
}

}  // namespace signalbox::identity
