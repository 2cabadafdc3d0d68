// gzip (RFC 1952, with members one after another) and deflate (RFC 1950, the zlib wrapper that
// RFC 9110 8.4.1.2 means).
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "io/net/compression_codecs.h"

namespace signalbox::net {
namespace {

constexpr int kGzipOnly = 16;  // added to the window bits
constexpr int kLevel = 6;

Bytef* Bytes(const char* text) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text));
}

class ZlibDecoder final : public Decoder {
 public:
  ZlibDecoder(bool gzip, const DecodeLimits& limits) : gzip_(gzip), budget_(limits) {
    if (inflateInit2(&stream_, MAX_WBITS + (gzip ? kGzipOnly : 0)) != Z_OK) std::abort();
  }
  ~ZlibDecoder() override { inflateEnd(&stream_); }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;

  core::Status Decode(std::string_view input, std::string& out) override {
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    while (!input.empty()) {
      const std::string_view part = input.substr(0, kMost);
      SB_CHECK_OK(DecodePart(part, out));
      input.remove_prefix(part.size());
    }
    return {};
  }
  bool finished() const override { return finished_; }

 private:
  core::Status DecodePart(std::string_view part, std::string& out) {
    stream_.next_in = Bytes(part.data());
    stream_.avail_in = static_cast<uInt>(part.size());
    bool full = false;  // the last step filled its room: there may be more without more input
    while (stream_.avail_in > 0 || full) {
      SB_CHECK_OK(StartMember());
      const std::size_t before = out.size();
      const uInt input_before = stream_.avail_in;
      out.resize(before + kDecodeStep);
      stream_.next_out = Bytes(out.data() + before);
      stream_.avail_out = kDecodeStep;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t made = kDecodeStep - stream_.avail_out;
      out.resize(before + made);
      full = made == kDecodeStep && code == Z_OK;
      finished_ = code == Z_STREAM_END;
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return Malformed();
      SB_CHECK_OK(budget_.Count(input_before - stream_.avail_in, made));
    }
    return {};
  }

  // After the end only another gzip member may come.
  core::Status StartMember() {
    if (!finished_) return {};
    if (!gzip_) return Malformed();
    inflateReset(&stream_);
    finished_ = false;
    return {};
  }

  core::Status Malformed() const {
    return core::Fail(core::ErrorCode::kInvalidRequest,
                      gzip_ ? "the body is not gzip" : "the body is not deflate");
  }

  bool gzip_;
  bool finished_ = false;
  z_stream stream_{};
  DecodeBudget budget_;
};

}  // namespace

std::unique_ptr<Decoder> NewZlibDecoder(bool gzip, const DecodeLimits& limits) {
  return std::make_unique<ZlibDecoder>(gzip, limits);
}

std::string EncodeZlib(bool gzip, std::string_view input) {
  z_stream stream{};
  const int window = MAX_WBITS + (gzip ? kGzipOnly : 0);
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    std::abort();
  }
  std::string out;
  int code = Z_OK;
  do {
    if (stream.avail_in == 0) {
      const std::string_view part = input.substr(0, std::numeric_limits<uInt>::max());
      stream.next_in = Bytes(part.data());
      stream.avail_in = static_cast<uInt>(part.size());
      input.remove_prefix(part.size());
    }
    const std::size_t before = out.size();
    out.resize(before + kDecodeStep);
    stream.next_out = Bytes(out.data() + before);
    stream.avail_out = kDecodeStep;
    code = deflate(&stream, input.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.resize(before + kDecodeStep - stream.avail_out);
  } while (code != Z_STREAM_END);
  deflateEnd(&stream);
  return out;
}

}  // namespace signalbox::net
