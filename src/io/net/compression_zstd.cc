// zstd (RFC 8878, frames one after another), with the window that RFC 9659 allows on the web.
#include <zstd.h>

#include <cstdlib>

#include "io/net/compression_codecs.h"

namespace signalbox::net {
namespace {

constexpr int kLevel = 3;
constexpr int kMaxWindowLog = 23;  // 8 MiB

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
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    bool full = false;  // the last step filled its room: there may be more without more input
    while (in.pos < in.size || full) {
      const std::size_t before = out.size();
      const std::size_t read_before = in.pos;
      out.resize(before + kDecodeStep);
      ZSTD_outBuffer room{out.data() + before, kDecodeStep, 0};
      const std::size_t hint = ZSTD_decompressStream(context_, &room, &in);
      out.resize(before + room.pos);
      if (ZSTD_isError(hint) != 0) {
        return core::Fail(core::ErrorCode::kInvalidRequest, "the body is not zstd");
      }
      finished_ = hint == 0;  // a frame's end; another frame may follow
      full = room.pos == kDecodeStep && !finished_;
      SB_CHECK_OK(budget_.Count(in.pos - read_before, room.pos));
    }
    return {};
  }
  bool finished() const override { return finished_; }

 private:
  ZSTD_DCtx* context_;
  bool finished_ = false;
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
