// What the decoders of compression.h share: the limits, and one constructor per coding. A part of
// compression.h's implementation.
//
// Owner: the Decoder. Threads: none of its own. Errors: as compression.h. Cancel: nothing to undo.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "io/net/compression.h"

namespace signalbox::net {

// Output is made in steps of this size, and the limits are looked at after each.
inline constexpr std::size_t kDecodeStep = 32 * 1024;

// Counts input and output of one body.
class DecodeBudget {
 public:
  explicit DecodeBudget(const DecodeLimits& limits) : limits_(limits) {}
  core::Status Count(std::size_t input, std::size_t output);

 private:
  DecodeLimits limits_;
  std::uint64_t input_ = 0;
  std::uint64_t output_ = 0;
};

std::unique_ptr<Decoder> NewZlibDecoder(bool gzip, const DecodeLimits& limits);
std::unique_ptr<Decoder> NewBrotliDecoder(const DecodeLimits& limits);
std::unique_ptr<Decoder> NewZstdDecoder(const DecodeLimits& limits);

std::string EncodeZlib(bool gzip, std::string_view input);
std::string EncodeBrotli(std::string_view input);
std::string EncodeZstd(std::string_view input);

}  // namespace signalbox::net
