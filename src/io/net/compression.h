// Content codings: gzip, deflate, br, zstd.
//
// Owner:   one Decoder per body.
// Threads: none of its own.
// Errors:  kInvalidRequest for bytes that are no such coding; kPayloadTooLarge over the size limit
//          or the ratio limit (output over input, once the output is over 1 MiB).
// Cancel:  nothing to undo.
//
// gzip members and zstd frames (RFC 8878, no older format) may follow one another; any other byte
// after the end is an error.
// Memory is flat: at most 32 KiB are decoded past a limit, and a zstd window is at most 8 MiB.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::net {

enum class Coding : std::uint8_t { kIdentity, kGzip, kDeflate, kBrotli, kZstd };

// An empty text (no such field) is kIdentity; nullopt for a coding that is not known, or a list
// of several.
std::optional<Coding> ParseCoding(std::string_view content_encoding);

struct DecodeLimits {
  std::uint64_t max_output = 64 * 1024 * 1024;  // bytes
  std::uint32_t max_ratio = 200;                // output : input
};

class Decoder {
 public:
  virtual ~Decoder() = default;
  // Appends what `input` decodes to, at once (a stream is not held back). After an error the
  // decoder is of no more use.
  virtual core::Status Decode(std::string_view input, std::string& out) = 0;
  // True when the coding's own end was reached; a body that ends before is cut short.
  virtual bool finished() const = 0;

  // nullptr for kIdentity.
  static std::unique_ptr<Decoder> Create(Coding coding, const DecodeLimits& limits);
};

// The whole of `input` encoded, for tests and for answers worth it. kIdentity copies.
std::string Encode(Coding coding, std::string_view input);

}  // namespace signalbox::net
