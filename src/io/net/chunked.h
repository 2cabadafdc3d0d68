// The chunked transfer coding (RFC 9112 section 7), decoded strictly without copying.
//
// Owner:   the connection; `data` is a view into the bytes given to Next.
// Threads: none of its own.
// Errors:  kBad, for good; the connection then closes.
// Cancel:  nothing to undo.
//
// Lines end in CR LF and nothing else. Extensions and trailers are counted against one limit,
// trailers also by their number; both are checked and dropped.
#pragma once

#include <cstdint>
#include <string_view>

namespace signalbox::net {

class ChunkedDecoder {
 public:
  enum class State : std::uint8_t {
    kNeedMore,  // all input used up
    kData,      // `data` holds body bytes (a view into the input)
    kEnd,       // the last chunk and its trailers are read; input after `consumed` is not ours
    kBad,       // malformed, or over a limit for extensions and trailers
  };
  struct Step {
    State state = State::kNeedMore;
    std::size_t consumed = 0;
    std::string_view data;
  };

  // `overhead_limit`: bytes of extensions and trailers together; `trailer_limit`: trailer fields.
  explicit ChunkedDecoder(std::uint32_t overhead_limit = 8 * 1024,
                          std::uint16_t trailer_limit = 100)
      : trailers_left_(trailer_limit), overhead_left_(overhead_limit) {}

  // Reads from the start of `input` up to the next piece of data or the end of input. Call again
  // with input.substr(step.consumed) until kNeedMore, kEnd or kBad.
  Step Next(std::string_view input);

  // Bytes of the current chunk that are still to come, as its size line says: whatever a peer likes
  // to write there. 0 outside a chunk's data.
  std::uint64_t announced() const { return phase_ == Phase::kData ? left_ : 0; }

 private:
  enum class Phase : std::uint8_t {
    kSize,
    kBeforeExtension,  // a blank after the size: an extension must follow
    kExtensionStart,   // after ';': a name must come
    kExtension,
    kQuoted,
    kQuotedEscape,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerStart,
    kTrailerName,
    kTrailerValue,
    kTrailerLf,
    kEndLf,
    kDone,
    kBroken
  };
  bool AtPlainSize() const { return phase_ == Phase::kSize && size_digits_ == 0; }
  bool WholeChunk(std::string_view input, Step& step);
  bool Advance(char byte);
  bool AdvanceSize(char byte);
  bool AdvanceExtension(char byte);
  bool AdvanceTrailer(char byte);
  bool Expect(char byte, char expected, Phase next);
  bool Count();

  Phase phase_ = Phase::kSize;
  std::uint8_t size_digits_ = 0;
  std::uint16_t trailers_left_;
  std::uint32_t overhead_left_;
  std::uint64_t left_ = 0;
};

// Room for the size line of a chunk: 16 digits and CRLF.
inline constexpr std::size_t kChunkLineSize = 18;

// Writes `size` in hexadecimal and CRLF into `out` (kChunkLineSize bytes); returns the view of it.
std::string_view ChunkLine(std::uint64_t size, char* out);

}  // namespace signalbox::net
