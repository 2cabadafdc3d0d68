#include "io/net/chunked.h"

#include <algorithm>

#include "io/net/byte_class.h"

namespace signalbox::net {
namespace {

constexpr std::size_t kMaxSizeDigits = 16;  // 64 bits

// -1 for a byte that is no hexadecimal digit.
int HexValue(char byte) {
  if (!Is(byte, kHexByte)) return -1;
  return byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10;
}

bool IsBlank(char byte) {
  return byte == ' ' || byte == '\t';
}

bool IsVisible(char byte) {
  return byte > 0x20 && byte < 0x7f;
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::Next(std::string_view input) {
  Step step;
  if (AtPlainSize() && WholeChunk(input, step)) return step;
  while (step.consumed < input.size() && phase_ != Phase::kDone && phase_ != Phase::kBroken) {
    if (phase_ == Phase::kData) {
      step.data = input.substr(step.consumed, left_);
      step.consumed += step.data.size();
      left_ -= step.data.size();
      if (left_ == 0) phase_ = Phase::kDataCr;
      step.state = State::kData;
      return step;
    }
    if (!Advance(input[step.consumed])) phase_ = Phase::kBroken;
    ++step.consumed;
  }
  if (phase_ == Phase::kDone) step.state = State::kEnd;
  if (phase_ == Phase::kBroken) step.state = State::kBad;
  return step;
}

// The usual case: a size without extension, its data and both line ends are all there. Everything
// else, errors too, is left to the slow way.
bool ChunkedDecoder::WholeChunk(std::string_view input, Step& step) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  const std::size_t most = std::min(input.size(), kMaxSizeDigits);
  for (int value; digits < most && (value = HexValue(input[digits])) >= 0; ++digits) {
    size = size << 4 | static_cast<std::uint64_t>(value);
  }
  const std::size_t line = digits + 2;
  if (digits == 0 || size == 0 || input.size() < line + 2 || size > input.size() - line - 2) {
    return false;
  }
  const char* const data = input.data() + line;
  if (data[-2] != '\r' || data[-1] != '\n' || data[size] != '\r' || data[size + 1] != '\n') {
    return false;
  }
  step = {State::kData, line + size + 2, input.substr(line, size)};
  return true;
}

bool ChunkedDecoder::Advance(char byte) {
  switch (phase_) {
    case Phase::kSize:
      return AdvanceSize(byte);
    case Phase::kBeforeExtension:
    case Phase::kExtensionStart:
    case Phase::kExtension:
    case Phase::kQuoted:
    case Phase::kQuotedEscape:
      return Count() && AdvanceExtension(byte);
    case Phase::kSizeLf:
      size_digits_ = 0;
      return Expect(byte, '\n', left_ == 0 ? Phase::kTrailerStart : Phase::kData);
    case Phase::kDataCr:
      return Expect(byte, '\r', Phase::kDataLf);
    case Phase::kDataLf:
      return Expect(byte, '\n', Phase::kSize);
    case Phase::kTrailerStart:
      if (byte == '\r') return Expect(byte, '\r', Phase::kEndLf);
      [[fallthrough]];
    case Phase::kTrailerName:
    case Phase::kTrailerValue:
      return Count() && AdvanceTrailer(byte);
    case Phase::kTrailerLf:
      return Expect(byte, '\n', Phase::kTrailerStart);
    case Phase::kEndLf:
      return Expect(byte, '\n', Phase::kDone);
    case Phase::kData:
    case Phase::kDone:
    case Phase::kBroken:
      break;
  }
  return false;
}

bool ChunkedDecoder::AdvanceSize(char byte) {
  if (const int value = HexValue(byte); value >= 0) {
    if (size_digits_ == kMaxSizeDigits) return false;
    ++size_digits_;
    left_ = left_ << 4 | static_cast<std::uint64_t>(value);
    return true;
  }
  if (size_digits_ == 0) return false;
  if (byte == '\r') return Expect(byte, '\r', Phase::kSizeLf);
  return Count() && (phase_ = Phase::kBeforeExtension, AdvanceExtension(byte));
}

// *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ), loosely: after the first byte of
// the name any visible byte or blank may follow, but a quoted string must be closed.
bool ChunkedDecoder::AdvanceExtension(char byte) {
  switch (phase_) {
    case Phase::kBeforeExtension:
      if (byte == ';') phase_ = Phase::kExtensionStart;
      return byte == ';' || IsBlank(byte);
    case Phase::kExtensionStart:
      if (Is(byte, kTokenByte)) phase_ = Phase::kExtension;
      return Is(byte, kTokenByte) || IsBlank(byte);
    case Phase::kExtension:
      if (byte == '\r') return Expect(byte, '\r', Phase::kSizeLf);
      if (byte == ';') phase_ = Phase::kExtensionStart;
      if (byte == '"') phase_ = Phase::kQuoted;
      return IsVisible(byte) || IsBlank(byte);
    case Phase::kQuoted:
      if (byte == '"') phase_ = Phase::kExtension;
      if (byte == '\\') phase_ = Phase::kQuotedEscape;
      return Is(byte, kValueByte);
    case Phase::kQuotedEscape:
      phase_ = Phase::kQuoted;
      return Is(byte, kValueByte);
    default:
      return false;
  }
}

bool ChunkedDecoder::AdvanceTrailer(char byte) {
  switch (phase_) {
    case Phase::kTrailerStart:
      if (trailers_left_ == 0) return false;
      --trailers_left_;
      phase_ = Phase::kTrailerName;
      return Is(byte, kTokenByte);
    case Phase::kTrailerName:
      if (byte == ':') phase_ = Phase::kTrailerValue;
      return byte == ':' || Is(byte, kTokenByte);
    case Phase::kTrailerValue:
      if (byte == '\r') return Expect(byte, '\r', Phase::kTrailerLf);
      return Is(byte, kValueByte);
    default:
      return false;
  }
}

bool ChunkedDecoder::Expect(char byte, char expected, Phase next) {
  phase_ = next;
  return byte == expected;
}

bool ChunkedDecoder::Count() {
  if (overhead_left_ == 0) return false;
  --overhead_left_;
  return true;
}

std::string_view ChunkLine(std::uint64_t size, char* out) {
  char* const end = out + kChunkLineSize;
  char* at = end;
  *--at = '\n';
  *--at = '\r';
  do {
    *--at = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
  return {at, static_cast<std::size_t>(end - at)};
}

}  // namespace signalbox::net
