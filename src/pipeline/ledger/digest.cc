#include "pipeline/ledger/digest.h"

#include <sodium.h>

namespace signalbox::ledger {
namespace {

// The library picks its fastest code, once.
bool Ready() {
  static const bool kReady = sodium_init() >= 0;
  return kReady;
}

}  // namespace

struct Hasher::State {
  crypto_generichash_state hash;
};

std::string HexOf(const Digest& digest) {
  std::string text(2 * digest.size() + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), reinterpret_cast<const unsigned char*>(digest.data()),
                 digest.size());
  text.pop_back();
  return text;
}

Hasher::Hasher() : state_(std::make_unique<State>()) {
  static_cast<void>(Ready());
  crypto_generichash_init(&state_->hash, nullptr, 0, sizeof(Digest));
}

Hasher::~Hasher() = default;

Hasher& Hasher::Add(std::span<const std::byte> bytes) {
  crypto_generichash_update(&state_->hash, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
  return *this;
}

Hasher& Hasher::AddText(std::string_view text) {
  AddNumber(text.size());
  return Add(std::as_bytes(std::span(text)));
}

Hasher& Hasher::AddNumber(std::uint64_t number) {
  std::array<std::byte, 8> bytes;
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(number);
    number >>= 8U;
  }
  return Add(bytes);
}

Digest Hasher::Finish() {
  Digest digest;
  crypto_generichash_final(&state_->hash, reinterpret_cast<unsigned char*>(digest.data()),
                           digest.size());
  return digest;
}

}  // namespace signalbox::ledger
