#include "io/net/compression.h"

#include "io/net/compression_codecs.h"
#include "io/net/http_head.h"

namespace signalbox::net {
namespace {

constexpr std::uint64_t kRatioFrom = 1024 * 1024;  // small bodies may be as dense as they like

}  // namespace

core::Status DecodeBudget::Count(std::size_t input, std::size_t output) {
  input_ += input;
  output_ += output;
  if (output_ > limits_.max_output) {
    return core::Fail(core::ErrorCode::kPayloadTooLarge, "the decoded body is too large");
  }
  if (output_ > kRatioFrom && output_ / limits_.max_ratio > input_) {
    return core::Fail(core::ErrorCode::kPayloadTooLarge,
                      "the body decodes to too many times its own size");
  }
  return {};
}

std::optional<Coding> ParseCoding(std::string_view content_encoding) {
  const std::size_t first = content_encoding.find_first_not_of(" \t");
  if (first == std::string_view::npos) return Coding::kIdentity;
  const std::size_t last = content_encoding.find_last_not_of(" \t");
  const std::string_view name = content_encoding.substr(first, last - first + 1);
  if (EqualsIgnoreCase(name, "identity")) return Coding::kIdentity;
  if (EqualsIgnoreCase(name, "gzip") || EqualsIgnoreCase(name, "x-gzip")) return Coding::kGzip;
  if (EqualsIgnoreCase(name, "deflate")) return Coding::kDeflate;
  if (EqualsIgnoreCase(name, "br")) return Coding::kBrotli;
  if (EqualsIgnoreCase(name, "zstd")) return Coding::kZstd;
  return std::nullopt;
}

std::unique_ptr<Decoder> Decoder::Create(Coding coding, const DecodeLimits& limits) {
  switch (coding) {
    case Coding::kIdentity:
      return nullptr;
    case Coding::kGzip:
      return NewZlibDecoder(true, limits);
    case Coding::kDeflate:
      return NewZlibDecoder(false, limits);
    case Coding::kBrotli:
      return NewBrotliDecoder(limits);
    case Coding::kZstd:
      return NewZstdDecoder(limits);
  }
  return nullptr;
}

std::string Encode(Coding coding, std::string_view input) {
  switch (coding) {
    case Coding::kIdentity:
      return std::string(input);
    case Coding::kGzip:
      return EncodeZlib(true, input);
    case Coding::kDeflate:
      return EncodeZlib(false, input);
    case Coding::kBrotli:
      return EncodeBrotli(input);
    case Coding::kZstd:
      return EncodeZstd(input);
  }
  return {};
}

}  // namespace signalbox::net
