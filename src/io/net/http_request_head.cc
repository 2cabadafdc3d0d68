// The request line (RFC 9112 3) and what a whole request head must fulfil (RFC 9112 6.3).
#include <algorithm>
#include <cstring>

#include "io/net/byte_class.h"
#include "io/net/http_field_lines.h"

namespace signalbox::net {
namespace {

constexpr std::size_t kMaxMethodBytes = 32;  // longer than any method that is registered
constexpr std::string_view kVersionStart = "HTTP/";

Read ReadMethod(HeadCursor& in, Method& method) {
  const char* const start = in.at;
  const auto room = static_cast<std::size_t>(in.end - start);
  in.at = SkipWhile(start, start + std::min(room, kMaxMethodBytes + 1), kTokenByte);
  const std::string_view name = in.From(start);
  if (name.size() > kMaxMethodBytes) return in.Refuse(501, "the method is not one we know");
  if (in.at == in.end) return Read::kMore;
  if (*in.at != ' ' || name.empty()) {
    return in.Refuse(400, "the request does not start with a method and a space");
  }
  ++in.at;
  for (const Method known : {Method::kPost, Method::kGet, Method::kHead, Method::kPut,
                             Method::kPatch, Method::kDelete, Method::kOptions}) {
    if (name == Name(known)) {
      method = known;
      return Read::kDone;
    }
  }
  if (name == "CONNECT" || name == "TRACE") return in.Refuse(405, "this method is never allowed");
  return in.Refuse(501, "the method is not one we know");
}

// "http://" or "https://" in any case, before the target's `stop`.
Read ReadScheme(HeadCursor& in, const char* stop) {
  for (const char expected : std::string_view("http://")) {
    if (in.at == stop) return Read::kMore;
    if (expected == ':' && (*in.at | 0x20) == 's' && ++in.at == stop) return Read::kMore;
    // Setting the bit 0x20 makes a letter lower case; ':' and '/' have it set.
    if ((*in.at | 0x20) != expected || !Is(*in.at, kPathByte)) {
      return in.Refuse(400, "the target is neither a path nor a URL of http or https");
    }
    ++in.at;
  }
  return Read::kDone;
}

// The start of an absolute form, up to its path: what Host must say again (RFC 9112 3.2.2).
Read ReadAuthority(HeadCursor& in, const char* stop, std::string_view& authority) {
  if (const Read read = ReadScheme(in, stop); read != Read::kDone) return read;
  const char* const start = in.at;
  while (in.at != stop && *in.at != '/' && *in.at != '?' && *in.at != ' ') {
    // A user's name would end in '@'; "[:]" are of ports and IPv6 addresses.
    if (!Is(*in.at, kHostByte) && *in.at != ':' && *in.at != '[' && *in.at != ']') {
      return in.Refuse(400, "the target's authority is not host[:port]");
    }
    ++in.at;
  }
  if (in.at == stop) return Read::kMore;
  authority = in.From(start);
  if (!IsHost(authority)) return in.Refuse(400, "the target's authority is not host[:port]");
  return Read::kDone;
}

// The origin form, as it stands or behind an authority.
void ReadPathAndQuery(HeadCursor& in, const char* stop, RequestHead& out) {
  const char* const start = in.at;
  in.at = SkipWhile(start, stop, kPathByte);
  out.path = in.From(start);
  out.query = {};
  if (in.at != stop && *in.at == '?') {
    const char* const query = in.at + 1;
    in.at = SkipWhile(query, stop, kQueryByte);
    out.query = in.From(query);
  }
  out.target = in.From(start);
}

Read ReadTarget(HeadCursor& in, std::uint32_t limit, std::string_view& authority,
                RequestHead& out) {
  const char* const start = in.at;
  if (start == in.end) return Read::kMore;
  const auto room = static_cast<std::size_t>(in.end - start);
  const char* const stop = start + std::min<std::size_t>(room, std::size_t{limit} + 1);
  Read read = Read::kDone;
  if (*start != '/') read = ReadAuthority(in, stop, authority);
  if (read == Read::kBad) return read;
  if (read == Read::kDone) ReadPathAndQuery(in, stop, out);
  if (in.From(start).size() > limit) return in.Refuse(414, "the target is too long");
  if (in.at == in.end) return Read::kMore;
  if (*in.at != ' ') return in.Refuse(400, "the target holds a byte that may not stand there");
  ++in.at;
  if (out.path.empty()) out.path = "/";
  if (out.target.empty()) out.target = out.path;
  return Read::kDone;
}

Read ReadVersion(HeadCursor& in, std::uint8_t& minor_version) {
  for (const char expected : kVersionStart) {
    if (in.at == in.end) return Read::kMore;
    if (*in.at != expected) return in.Refuse(400, "the request line does not end in a version");
    ++in.at;
  }
  char digits[2];
  for (int i = 0; i < 2; ++i) {
    if (i == 1) {
      if (in.at == in.end) return Read::kMore;
      if (*in.at++ != '.') return in.Refuse(400, "the version is not HTTP/digit.digit");
    }
    if (in.at == in.end) return Read::kMore;
    digits[i] = *in.at++;
    if (digits[i] < '0' || digits[i] > '9') {
      return in.Refuse(400, "the version is not HTTP/digit.digit");
    }
  }
  if (digits[0] != '1') return in.Refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  // A later minor version is answered as the highest we know (RFC 9110 2.5).
  minor_version = digits[1] == '0' ? 0 : 1;
  return Read::kDone;
}

Read ReadRequestLine(HeadCursor& in, const HeadLimits& limits, std::string_view& authority,
                     RequestHead& out) {
  // One empty line before the request is what old clients send after a body (RFC 9112 2.2).
  if (in.at != in.end && *in.at == '\r') {
    if (const Read read = ReadLineEnd(in); read != Read::kDone) return read;
  }
  if (const Read read = ReadMethod(in, out.method); read != Read::kDone) return read;
  if (const Read read = ReadTarget(in, limits.target_bytes, authority, out); read != Read::kDone) {
    return read;
  }
  constexpr std::string_view kUsualEnd = "HTTP/1.1\r\n";
  if (static_cast<std::size_t>(in.end - in.at) >= kUsualEnd.size() &&
      std::memcmp(in.at, kUsualEnd.data(), kUsualEnd.size()) == 0) {
    in.at += kUsualEnd.size();
    out.minor_version = 1;
    return Read::kDone;
  }
  if (const Read read = ReadVersion(in, out.minor_version); read != Read::kDone) return read;
  return ReadLineEnd(in);
}

Read Conclude(HeadCursor& in, const Framing& framing, std::string_view authority,
              RequestHead& out) {
  const bool old = out.minor_version == 0;
  if (framing.chunked && framing.has_length) {
    return in.Refuse(400, "Transfer-Encoding and Content-Length are given together");
  }
  if (framing.chunked && old) return in.Refuse(400, "Transfer-Encoding in an HTTP/1.0 request");
  if (!framing.has_host && !old) return in.Refuse(400, "Host is missing");
  if (!authority.empty() && !EqualsIgnoreCase(authority, framing.host)) {
    return in.Refuse(400, "Host is not the target's authority");
  }
  out.host = framing.host;
  out.keep_alive = !framing.close && (!old || framing.keep_alive);
  out.content_length = framing.length;
  out.body = framing.chunked       ? BodyKind::kChunked
             : framing.length != 0 ? BodyKind::kLength
                                   : BodyKind::kNone;
  // HTTP/1.0 never waits for a 100 (RFC 9110 10.1.1), and without a body there is nothing to send.
  out.expect_continue = framing.expect_continue && !old && out.body != BodyKind::kNone;
  return Read::kDone;
}

}  // namespace

HeadResult ParseRequestHead(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                            RequestHead& out) {
  HeadResult partial;
  if (LookAtPartialLine(bytes, limits, scanned, partial)) return partial;
  const std::size_t window = std::min<std::size_t>(bytes.size(), limits.head_bytes);
  HeadCursor in{bytes.data(), bytes.data() + window, {}};
  Framing framing;
  const char* last_line = nullptr;
  std::string_view authority;  // of a target in absolute form
  Read read = ReadRequestLine(in, limits, authority, out);
  if (read == Read::kDone) {
    read = ReadFieldLines(in, limits.fields, out.fields, framing, last_line);
  }
  if (read == Read::kDone) read = Conclude(in, framing, authority, out);
  return FinishLook(read, in, bytes, limits, last_line, scanned);
}

}  // namespace signalbox::net
