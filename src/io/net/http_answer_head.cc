// The status line (RFC 9112 4) and how long the body of an answer is (RFC 9112 6.3).
#include <algorithm>

#include "io/net/byte_class.h"
#include "io/net/http_field_lines.h"

namespace signalbox::net {
namespace {

constexpr int kMalformed = 502;

Read ReadVersion(HeadCursor& in, std::uint8_t& minor_version) {
  for (const char expected : std::string_view("HTTP/1.")) {
    if (in.at == in.end) return Read::kMore;
    if (*in.at != expected) return in.Refuse(kMalformed, "the answer is not of HTTP/1.0 or 1.1");
    ++in.at;
  }
  if (in.at == in.end) return Read::kMore;
  if (*in.at != '0' && *in.at != '1') {
    return in.Refuse(kMalformed, "the answer is not of HTTP/1.0 or 1.1");
  }
  minor_version = static_cast<std::uint8_t>(*in.at++ - '0');
  return Read::kDone;
}

Read ReadStatus(HeadCursor& in, int& status) {
  if (in.at == in.end) return Read::kMore;
  if (*in.at != ' ') return in.Refuse(kMalformed, "the version is not followed by one space");
  ++in.at;
  status = 0;
  for (int digit = 0; digit < 3; ++digit, ++in.at) {
    if (in.at == in.end) return Read::kMore;
    const char c = *in.at;
    if (c < '0' || c > '9' || (digit == 0 && (c < '1' || c > '5'))) {
      return in.Refuse(kMalformed, "the status is not a number from 100 to 599");
    }
    status = status * 10 + (c - '0');
  }
  return Read::kDone;
}

Read ReadStatusLine(HeadCursor& in, AnswerHead& out) {
  if (const Read read = ReadVersion(in, out.minor_version); read != Read::kDone) return read;
  if (const Read read = ReadStatus(in, out.status); read != Read::kDone) return read;
  if (in.at == in.end) return Read::kMore;
  if (*in.at == ' ') in.at = SkipValue(in.at, in.end);  // the reason phrase, may be missing
  return ReadLineEnd(in);
}

BodyKind BodyOf(const Framing& framing) {
  if (framing.chunked) return BodyKind::kChunked;
  if (!framing.has_length) return BodyKind::kUntilClose;
  return framing.length == 0 ? BodyKind::kNone : BodyKind::kLength;
}

Read Conclude(HeadCursor& in, const Framing& framing, bool answers_head, AnswerHead& out) {
  const bool old = out.minor_version == 0;
  if (out.status == 101) return in.Refuse(kMalformed, "an upgrade that nobody asked for");
  if (framing.chunked && framing.has_length) {
    return in.Refuse(kMalformed, "Transfer-Encoding and Content-Length are given together");
  }
  if (framing.chunked && old) {
    return in.Refuse(kMalformed, "Transfer-Encoding in an HTTP/1.0 answer");
  }
  const bool never_has_body = out.status < 200 || out.status == 204;
  const bool has_no_body = never_has_body || out.status == 304 || answers_head;
  out.body = has_no_body ? BodyKind::kNone : BodyOf(framing);
  out.content_length = out.body == BodyKind::kLength ? framing.length : 0;
  out.keep_alive = !framing.close && (!old || framing.keep_alive);
  // A peer that frames a body where there is none may well send it: what follows is not an answer.
  const bool frames_nothing = never_has_body && (framing.chunked || framing.length != 0);
  if (frames_nothing || out.body == BodyKind::kUntilClose) out.keep_alive = false;
  return Read::kDone;
}

}  // namespace

HeadResult ParseAnswerHead(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                           bool answers_head, AnswerHead& out) {
  HeadResult result;
  if (!LookAtPartialLine(bytes, limits, scanned, result)) {
    const std::size_t window = std::min<std::size_t>(bytes.size(), limits.head_bytes);
    HeadCursor in{bytes.data(), bytes.data() + window, {}};
    Framing framing;
    framing.is_request = false;
    const char* last_line = nullptr;
    Read read = ReadStatusLine(in, out);
    if (read == Read::kDone) {
      read = ReadFieldLines(in, limits.fields, out.fields, framing, last_line);
    }
    if (read == Read::kDone) read = Conclude(in, framing, answers_head, out);
    result = FinishLook(read, in, bytes, limits, last_line, scanned);
  }
  if (result.state == HeadState::kRejected) result.rejection.status = kMalformed;
  return result;
}

}  // namespace signalbox::net
