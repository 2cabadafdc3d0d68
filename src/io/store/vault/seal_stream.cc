#include "io/store/vault/seal_stream.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace signalbox::vault {
namespace {

constexpr std::size_t kSealedChunk = kChunkBytes + kChunkOverhead;
static_assert(kChunkOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct StreamState {
  StreamState() = default;
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  ~StreamState() { sodium_memzero(&sodium, sizeof sodium); }

  crypto_secretstream_xchacha20poly1305_state sodium{};
};

std::uint64_t StreamSize(std::uint64_t plain) {
  const std::uint64_t chunks = std::max<std::uint64_t>(1, (plain + kChunkBytes - 1) / kChunkBytes);
  return kHeadBytes + plain + chunks * kChunkOverhead;
}

std::optional<std::uint64_t> PlainSize(std::uint64_t sealed) {
  if (sealed < kHeadBytes + kChunkOverhead) {
    return std::nullopt;
  }
  const std::uint64_t chunks = (sealed - kHeadBytes + kSealedChunk - 1) / kSealedChunk;
  const std::uint64_t frames = kHeadBytes + chunks * kChunkOverhead;
  if (frames > sealed || StreamSize(sealed - frames) != sealed) {
    return std::nullopt;
  }
  return sealed - frames;
}

StreamSealer::StreamSealer(DataKeyPointer key, std::string_view associated)
    : state_(std::make_unique<StreamState>()),
      head_(kHeadBytes, '\0'),
      bound_(BoundTo(Form::kStream, *key, associated)) {
  head_[0] = static_cast<char>(Form::kStream);
  std::memcpy(head_.data() + 1, key->id.uuid.bytes.data(), key->id.uuid.bytes.size());
  crypto_secretstream_xchacha20poly1305_init_push(
      &state_->sodium,
      reinterpret_cast<unsigned char*>(head_.data()) + 1 + key->id.uuid.bytes.size(),
      key->key.data());
}

StreamSealer::~StreamSealer() {
  Wipe(held_);
}
StreamSealer::StreamSealer(StreamSealer&&) noexcept = default;
StreamSealer& StreamSealer::operator=(StreamSealer&&) noexcept = default;

void StreamSealer::Next(std::string_view plaintext, std::string& out) {
  while (!plaintext.empty()) {
    if (held_.size() == kChunkBytes) {  // not the last one, then
      Push(held_, /*last=*/false, out);
      held_.clear();
    }
    const std::string_view some = plaintext.substr(0, kChunkBytes - held_.size());
    held_ += some;
    plaintext.remove_prefix(some.size());
  }
}

void StreamSealer::End(std::string& out) {
  Push(held_, /*last=*/true, out);
  Wipe(held_);
}

void StreamSealer::Push(std::string_view chunk, bool last, std::string& out) {
  out += std::exchange(head_, {});
  const std::string bound = std::exchange(bound_, {});
  const std::size_t begin = out.size();
  out.resize(begin + chunk.size() + kChunkOverhead);
  crypto_secretstream_xchacha20poly1305_push(
      &state_->sodium, reinterpret_cast<unsigned char*>(out.data()) + begin, nullptr, Bytes(chunk),
      chunk.size(), Bytes(bound), bound.size(),
      last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
           : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
}

StreamOpener::StreamOpener(DataKeyPointer key, std::string_view head, std::string_view associated)
    : key_(std::move(key)),
      state_(std::make_unique<StreamState>()),
      bound_(BoundTo(Form::kStream, *key_, associated)) {
  const auto parsed = ParseHead(head);
  good_ = parsed && parsed->form == Form::kStream && parsed->key == key_->id &&
          crypto_secretstream_xchacha20poly1305_init_pull(&state_->sodium, Bytes(parsed->nonce),
                                                          key_->key.data()) == 0;
}

StreamOpener::~StreamOpener() = default;
StreamOpener::StreamOpener(StreamOpener&&) noexcept = default;
StreamOpener& StreamOpener::operator=(StreamOpener&&) noexcept = default;

core::Status StreamOpener::Next(std::string_view sealed, std::string& out) {
  while (good_ && !sealed.empty()) {
    const std::string_view some = sealed.substr(0, kSealedChunk - held_.size());
    held_ += some;
    sealed.remove_prefix(some.size());
    if (held_.size() == kSealedChunk) {
      SB_CHECK_OK(Pull(held_, out));
      held_.clear();
    }
  }
  return good_ ? core::Status() : std::unexpected(Unopenable(key_->id));
}

core::Status StreamOpener::End(std::string& out) {
  if (good_ && !held_.empty()) {
    SB_CHECK_OK(Pull(held_, out));
    held_.clear();
  }
  return good_ && ended_ ? core::Status() : std::unexpected(Unopenable(key_->id));
}

core::Status StreamOpener::Pull(std::string_view chunk, std::string& out) {
  const std::string bound = std::exchange(bound_, {});
  const std::size_t begin = out.size();
  good_ = !ended_ && chunk.size() >= kChunkOverhead;
  if (good_) {
    out.resize(begin + chunk.size() - kChunkOverhead);
    unsigned char tag = 0;
    good_ = crypto_secretstream_xchacha20poly1305_pull(
                &state_->sodium, reinterpret_cast<unsigned char*>(out.data()) + begin, nullptr,
                &tag, Bytes(chunk), chunk.size(), Bytes(bound), bound.size()) == 0;
    ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    good_ = good_ && ended_ == (ended_ || chunk.size() < kSealedChunk);
  }
  if (!good_) {
    out.resize(begin);
    return std::unexpected(Unopenable(key_->id));
  }
  return {};
}

}  // namespace signalbox::vault
