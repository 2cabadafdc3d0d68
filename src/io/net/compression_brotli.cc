// br (RFC 7932).
#include <brotli/decode.h>
#include <brotli/encode.h>

#include <cstdlib>

#include "io/net/compression_codecs.h"

namespace signalbox::net {
namespace {

constexpr int kQuality = 5;  // about gzip's speed

class BrotliDecoder final : public Decoder {
 public:
  explicit BrotliDecoder(const DecodeLimits& limits)
      : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)), budget_(limits) {
    if (state_ == nullptr) std::abort();
  }
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }
  BrotliDecoder(const BrotliDecoder&) = delete;
  BrotliDecoder& operator=(const BrotliDecoder&) = delete;

  core::Status Decode(std::string_view input, std::string& out) override {
    if (input.empty()) return {};
    if (finished_) return Malformed();
    const auto* next_in = reinterpret_cast<const std::uint8_t*>(input.data());
    std::size_t left = input.size();
    BrotliDecoderResult code = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
      const std::size_t before = out.size();
      const std::size_t left_before = left;
      out.resize(before + kDecodeStep);
      auto* next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
      std::size_t room = kDecodeStep;
      code = BrotliDecoderDecompressStream(state_, &left, &next_in, &room, &next_out, nullptr);
      out.resize(before + kDecodeStep - room);
      if (code == BROTLI_DECODER_RESULT_ERROR) return Malformed();
      SB_CHECK_OK(budget_.Count(left_before - left, kDecodeStep - room));
    }
    finished_ = code == BROTLI_DECODER_RESULT_SUCCESS;
    if (left > 0) return Malformed();
    return {};
  }
  bool finished() const override { return finished_; }

 private:
  static core::Status Malformed() {
    return core::Fail(core::ErrorCode::kInvalidRequest, "the body is not br");
  }

  BrotliDecoderState* state_;
  bool finished_ = false;
  DecodeBudget budget_;
};

}  // namespace

std::unique_ptr<Decoder> NewBrotliDecoder(const DecodeLimits& limits) {
  return std::make_unique<BrotliDecoder>(limits);
}

std::string EncodeBrotli(std::string_view input) {
  // The bound is 0 for sizes it cannot reckon with; an empty body still takes a byte.
  std::size_t size = BrotliEncoderMaxCompressedSize(input.size());
  std::string out(size == 0 ? input.size() + kDecodeStep : size, '\0');
  size = out.size();
  if (BrotliEncoderCompress(kQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, input.size(),
                            reinterpret_cast<const std::uint8_t*>(input.data()), &size,
                            reinterpret_cast<std::uint8_t*>(out.data())) != BROTLI_TRUE) {
    std::abort();
  }
  out.resize(size);
  return out;
}

}  // namespace signalbox::net
