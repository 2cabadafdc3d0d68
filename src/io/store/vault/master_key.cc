#include "io/store/vault/master_key.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/core/base64.h"

namespace signalbox::vault {
namespace {

using core::ErrorCode;

constexpr std::string_view kPrefix = "mkey_";
constexpr std::string_view kIdText = "signalbox master key";
constexpr std::size_t kFileText = 64;  // of a key's file, more than enough
constexpr std::string_view kForms =
    "a master key is 32 random bytes in base64 or as 64 hexadecimal digits; "
    "`openssl rand -base64 32` makes one";

MasterKeyId IdOf(const SecretKey& key) {
  std::array<unsigned char, crypto_generichash_BYTES_MIN> hash;
  crypto_generichash(hash.data(), hash.size(),
                     reinterpret_cast<const unsigned char*>(kIdText.data()), kIdText.size(),
                     key.data(), kKeyBytes);
  MasterKeyId id;
  for (std::size_t i = 0; i < sizeof id.value; ++i) {
    id.value = id.value << 8 | hash[i];
  }
  return id;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  return begin == text.npos ? "" : text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// Empty when it is neither form.
std::string BytesOf(std::string_view text) {
  std::string bytes(kKeyBytes, '\0');
  std::size_t size = 0;
  if (text.size() == 2 * kKeyBytes &&
      sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), kKeyBytes, text.data(),
                     text.size(), nullptr, &size, nullptr) == 0 &&
      size == kKeyBytes) {
    return bytes;
  }
  Wipe(bytes);
  auto decoded = core::FromBase64(text);
  if (decoded && decoded->size() == kKeyBytes) {
    return *std::move(decoded);
  }
  if (decoded) {
    Wipe(*decoded);
  }
  return {};
}

}  // namespace

std::string MasterKeyId::Text() const {
  return fmt::format("{}{:016x}", kPrefix, value);
}

std::optional<MasterKeyId> MasterKeyId::Parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) {
    return std::nullopt;
  }
  text.remove_prefix(kPrefix.size());
  MasterKeyId id;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), id.value, 16);
  if (text.size() != 16 || error != std::errc() || end != text.end() ||
      std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'F'; })) {
    return std::nullopt;
  }
  return id;
}

MasterKey MasterKey::New() {
  SecretKey key = SecretKey::New();
  const MasterKeyId id = IdOf(key);
  return {std::move(key), id};
}

core::Result<MasterKey> MasterKey::Parse(std::string_view text) {
  std::string bytes = BytesOf(Trimmed(text));
  const Wiped wiped(bytes);
  if (bytes.empty()) {
    return core::Fail(ErrorCode::kInvalidRequest, std::string(kForms));
  }
  if (bytes.find_first_not_of(bytes.front()) == bytes.npos) {
    return core::Fail(ErrorCode::kInvalidRequest,
                      "this is no secret, all its bytes are equal; " + std::string(kForms));
  }
  SecretKey key = SecretKey::Of(bytes);
  const MasterKeyId id = IdOf(key);
  return MasterKey{std::move(key), id};
}

std::string MasterKey::FileText() const {
  std::string text;
  text.reserve(kFileText);  // so that nothing of it is left behind in memory given back
  core::AppendBase64(key.view(), text);
  text += '\n';
  return text;
}

}  // namespace signalbox::vault
