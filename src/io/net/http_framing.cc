// What single fields say about the framing of their message (RFC 9112 6, RFC
// 9110 7.2, 7.6.1, 10.1.1).
#include <algorithm>

#include "io/net/byte_class.h"
#include "io/net/http_field_lines.h"

namespace signalbox::net {
namespace {

constexpr std::size_t kMaxLengthDigits = 18;  // below 2^63, whatever the digits are

// `lower` is lower case; `name` is a token, so that setting the bit 0x20 cannot make two of its
// bytes equal that are not the same letter.
bool IsName(std::string_view name, std::string_view lower) {
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if ((name[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

Read NoteLength(HeadCursor& in, std::string_view value, Framing& framing) {
  if (value.empty() || value.size() > kMaxLengthDigits) {
    return in.Refuse(400, "Content-Length is not a number of 1 to 18 digits");
  }
  std::uint64_t length = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return in.Refuse(400, "Content-Length is not one plain number");
    length = length * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (framing.has_length && (framing.is_request || framing.length != length)) {
    return in.Refuse(400, "Content-Length is given twice");
  }
  framing.has_length = true;
  framing.length = length;
  return Read::kDone;
}

Read NoteTransferEncoding(HeadCursor& in, std::string_view value, Framing& framing) {
  if (framing.chunked) return in.Refuse(400, "Transfer-Encoding is given twice");
  if (!EqualsIgnoreCase(value, "chunked")) {
    const bool token =
        !value.empty() && std::ranges::all_of(value, [](char c) { return Is(c, kTokenByte); });
    if (token) return in.Refuse(501, "Transfer-Encoding is not one we know; only chunked is");
    return in.Refuse(400, "Transfer-Encoding is not exactly chunked");
  }
  framing.chunked = true;
  return Read::kDone;
}

// A list of tokens; empty elements are allowed (RFC 9110 5.6.1.2).
Read NoteConnection(HeadCursor& in, std::string_view value, Framing& framing) {
  const char* at = value.data();
  const char* const end = at + value.size();
  while (at != end) {
    at = SkipBlanks(at, end);
    const char* const start = at;
    at = SkipWhile(at, end, kTokenByte);
    const std::string_view option(start, static_cast<std::size_t>(at - start));
    if (option.size() == 5 && IsName(option, "close")) framing.close = true;
    if (option.size() == 10 && IsName(option, "keep-alive")) framing.keep_alive = true;
    at = SkipBlanks(at, end);
    if (at == end) break;
    if (*at != ',') return in.Refuse(400, "Connection is not a list of tokens");
    ++at;
  }
  return Read::kDone;
}

Read NoteHost(HeadCursor& in, std::string_view value, Framing& framing) {
  if (framing.has_host) return in.Refuse(400, "Host is given twice");
  if (!IsHost(value)) return in.Refuse(400, "Host is not host[:port]");
  framing.has_host = true;
  framing.host = value;
  return Read::kDone;
}

Read NoteExpect(HeadCursor& in, std::string_view value, Framing& framing) {
  if (!EqualsIgnoreCase(value, "100-continue")) {
    return in.Refuse(417, "Expect is not 100-continue");
  }
  framing.expect_continue = true;
  return Read::kDone;
}

}  // namespace

Read NoteFraming(HeadCursor& in, const Field& field, Framing& framing) {
  const std::string_view name = field.name;
  switch (name.size()) {
    case 4:
      if (framing.is_request && IsName(name, "host")) return NoteHost(in, field.value, framing);
      break;
    case 6:
      if (framing.is_request && IsName(name, "expect")) return NoteExpect(in, field.value, framing);
      break;
    case 10:
      if (IsName(name, "connection")) return NoteConnection(in, field.value, framing);
      break;
    case 14:
      if (IsName(name, "content-length")) return NoteLength(in, field.value, framing);
      break;
    case 17:
      if (IsName(name, "transfer-encoding")) return NoteTransferEncoding(in, field.value, framing);
      break;
    default:
      break;
  }
  return Read::kDone;
}

}  // namespace signalbox::net
