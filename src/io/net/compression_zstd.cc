// zstd (RFC 8878, frames one after another), with the window that RFC 9659 allows on the web.
#include <zstd.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "io/net/compression_codecs.h"

namespace signalbox::net {
namespace {

constexpr int kLevel = 3;
constexpr int kMaxWindowLog = 23;  // 8 MiB

// How a frame begins: with data, or to be skipped (RFC 8878 section 3.1). The library would also
// take the formats from before, each by a decoder of its own that nobody looks after any more; and
// it looks for them wherever a piece of a frame's head begins, so it gets that head in one piece.
constexpr std::string_view kData("\x28\xb5\x2f\xfd", 4);
constexpr std::string_view kSkipped("\x50\x2a\x4d\x18", 4);  // 0x50 to 0x5f
constexpr std::size_t kSkippedHead = 8;

std::unexpected<core::Error> NoZstd() {
  return core::Fail(core::ErrorCode::kInvalidRequest, "the body is not zstd");
}

// The head of a frame, byte by byte.
class FrameHead {
 public:
  bool complete() const { return size_ != 0 && size_ == Size(); }
  std::string_view bytes() const { return {bytes_.data(), size_}; }
  void Clear() { size_ = 0; }

  // False when no frame begins like this.
  bool Add(char byte) {
    bytes_[size_] = byte;
    const auto first = static_cast<char>(static_cast<unsigned char>(bytes_[0]) & 0xf0U);
    skipped_ = first == kSkipped[0];
    const bool fits = size_ >= kData.size() || byte == (skipped_ ? kSkipped : kData)[size_] ||
                      (skipped_ && size_ == 0);
    ++size_;
    return fits;
  }

 private:
  // Section 3.1.1.1: window, dictionary and content size have as many bytes as the descriptor says.
  std::size_t Size() const {
    if (skipped_ || size_ <= kData.size()) {
      return kSkippedHead;  // more than there is so far
    }
    constexpr std::array<std::size_t, 4> kDictionary = {0, 1, 2, 4};
    constexpr std::array<std::size_t, 4> kContent = {0, 2, 4, 8};
    const auto descriptor = static_cast<unsigned char>(bytes_[kData.size()]);
    const bool single = (descriptor & 0x20U) != 0;
    const std::size_t content = kContent[descriptor >> 6U];
    return kData.size() + 1 + (single ? 0 : 1) + kDictionary[descriptor & 3U] +
           (single && content == 0 ? 1 : content);
  }

  std::array<char, 18> bytes_{};
  std::size_t size_ = 0;
  bool skipped_ = false;
};

class ZstdDecoder final : public Decoder {
 public:
  explicit ZstdDecoder(const DecodeLimits& limits) : context_(ZSTD_createDCtx()), budget_(limits) {
    if (context_ == nullptr) std::abort();
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kMaxWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  core::Status Decode(std::string_view input, std::string& out) override {
    while (!input.empty()) {
      if (head_.complete()) {
        SB_TRY(const std::size_t used, Feed(input, out));
        input.remove_prefix(used);
      } else {
        finished_ = false;
        if (!head_.Add(input.front())) {
          return NoZstd();
        }
        input.remove_prefix(1);
        if (head_.complete()) {
          SB_CHECK_OK(Feed(head_.bytes(), out));
        }
      }
      if (finished_) {
        head_.Clear();  // another frame may follow
      }
    }
    return {};
  }
  bool finished() const override { return finished_; }

 private:
  // Decodes to the end of `input` or of the frame; returns how much of it that was.
  core::Result<std::size_t> Feed(std::string_view input, std::string& out) {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    bool full = false;  // the last step filled its room: there may be more without more input
    while ((in.pos < in.size || full) && !finished_) {
      const std::size_t before = out.size();
      const std::size_t read_before = in.pos;
      out.resize(before + kDecodeStep);
      ZSTD_outBuffer room{out.data() + before, kDecodeStep, 0};
      const std::size_t hint = ZSTD_decompressStream(context_, &room, &in);
      out.resize(before + room.pos);
      if (ZSTD_isError(hint) != 0) {
        return NoZstd();
      }
      finished_ = hint == 0;
      full = room.pos == kDecodeStep && !finished_;
      SB_CHECK_OK(budget_.Count(in.pos - read_before, room.pos));
    }
    return in.pos;
  }

  ZSTD_DCtx* context_;
  FrameHead head_;
  bool finished_ = false;  // at a frame's end
  DecodeBudget budget_;
};

}  // namespace

std::unique_ptr<Decoder> NewZstdDecoder(const DecodeLimits& limits) {
  return std::make_unique<ZstdDecoder>(limits);
}

std::string EncodeZstd(std::string_view input) {
  std::string out(ZSTD_compressBound(input.size()), '\0');
  const std::size_t size =
      ZSTD_compress(out.data(), out.size(), input.data(), input.size(), kLevel);
  if (ZSTD_isError(size) != 0) std::abort();
  out.resize(size);
  return out;
}

}  // namespace signalbox::net
