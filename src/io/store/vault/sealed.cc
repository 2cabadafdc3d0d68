#include "io/store/vault/sealed.h"

#include <sodium.h>

#include <cstring>

#include "base/core/random.h"

namespace signalbox::vault {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kNonceBytes = kHeadBytes - 1 - kIdBytes;
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kNonceBytes == crypto_secretstream_xchacha20poly1305_HEADERBYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::optional<SealedHead> ParseHead(std::string_view bytes) {
  if (bytes.size() < kHeadBytes) {
    return std::nullopt;
  }
  SealedHead head{.form = Form(static_cast<unsigned char>(bytes[0])),
                  .key = {},
                  .nonce = bytes.substr(1 + kIdBytes, kNonceBytes)};
  if (head.form != Form::kWhole && head.form != Form::kStream) {
    return std::nullopt;
  }
  std::memcpy(head.key.uuid.bytes.data(), bytes.data() + 1, kIdBytes);
  return head;
}

std::string BoundTo(Form form, const DataKey& key, std::string_view associated) {
  std::string bound;
  bound.reserve(2 + kIdBytes + key.purpose.size() + associated.size());
  bound += static_cast<char>(form);
  bound.append(reinterpret_cast<const char*>(key.id.uuid.bytes.data()), kIdBytes);
  bound += key.purpose;
  bound += '\n';  // in no purpose
  bound += associated;
  return bound;
}

std::string SealWhole(const DataKey& key, std::string_view plaintext, std::string_view associated) {
  const std::string bound = BoundTo(Form::kWhole, key, associated);
  std::string sealed(plaintext.size() + kOverhead, '\0');
  sealed[0] = static_cast<char>(Form::kWhole);
  std::memcpy(sealed.data() + 1, key.id.uuid.bytes.data(), kIdBytes);
  core::Entropy(std::as_writable_bytes(std::span(sealed)).subspan(1 + kIdBytes, kNonceBytes));
  auto* out = reinterpret_cast<unsigned char*>(sealed.data());
  crypto_aead_xchacha20poly1305_ietf_encrypt(out + kHeadBytes, nullptr, Bytes(plaintext),
                                             plaintext.size(), Bytes(bound), bound.size(), nullptr,
                                             out + 1 + kIdBytes, key.key.data());
  return sealed;
}

core::Result<std::string> UnsealWhole(const DataKey& key, std::string_view sealed,
                                      std::string_view associated) {
  const auto head = ParseHead(sealed);
  if (!head || head->form != Form::kWhole || sealed.size() < kOverhead) {
    return std::unexpected(Unopenable(key.id));
  }
  const std::string bound = BoundTo(Form::kWhole, key, associated);
  const std::string_view ciphertext = sealed.substr(kHeadBytes);
  std::string plaintext(ciphertext.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plaintext.data()), nullptr, nullptr, Bytes(ciphertext),
          ciphertext.size(), Bytes(bound), bound.size(), Bytes(head->nonce), key.key.data()) != 0) {
    return std::unexpected(Unopenable(key.id));
  }
  return plaintext;
}

core::Error Unopenable(const DataKeyId& key) {
  return {.code = core::ErrorCode::kInternal,
          .message = "sealed with " + key.Text() +
                     ", but does not open: damaged, altered, or sealed for something else"};
}

}  // namespace signalbox::vault
