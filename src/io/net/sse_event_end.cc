#include "io/net/sse_event_end.h"

#include <algorithm>
#include <cstring>

#include "io/net/sse.h"

namespace signalbox::net {
namespace {

// Length of a line end at the start of `bytes`: LF, CRLF or CR; 0 when there is none.
std::size_t LineEnd(std::string_view bytes) {
  if (bytes.starts_with("\r\n")) {
    return 2;
  }
  return bytes.starts_with('\n') || bytes.starts_with('\r') ? 1 : 0;
}

// Bytes of the line at the start of `bytes`, without its end.
std::size_t LineLength(std::string_view bytes) {
  const std::size_t lf = std::min(bytes.find('\n'), bytes.size());
  // A stream that ends its lines with CR alone has no LF to find.
  return std::min(bytes.substr(0, lf).find('\r'), lf);
}

}  // namespace

std::size_t SseEventEnd(std::string_view bytes, std::size_t scanned) {
  std::size_t at = scanned;
  std::size_t lf =
      0;  // the first one at or after `at`; looked for once, however many lines end in CR
  while (at < bytes.size()) {
    if (lf < at || at == scanned) {
      lf = std::min(bytes.find('\n', at), bytes.size());
    }
    const std::size_t line = at + std::min(bytes.substr(at, lf - at).find('\r'), lf - at);
    if (line == bytes.size()) {
      return 0;
    }
    const std::size_t next = line + LineEnd(bytes.substr(line));
    const std::string_view rest = bytes.substr(next);
    // A CR at the very end is half a CRLF, unless the line before it ended in CR too.
    if (rest == "\r" && bytes[next - 1] != '\r') {
      return 0;
    }
    if (const std::size_t empty = LineEnd(rest); empty != 0) {
      return next + empty;
    }
    at = next;
  }
  return 0;
}

std::string_view SseData(std::string_view event, std::string& joined) {
  constexpr std::string_view kData = "data:";
  if (event.starts_with(kData)) {
    const std::size_t line = LineLength(event);
    const std::size_t end = line + LineEnd(event.substr(line));
    if (end + LineEnd(event.substr(end)) == event.size()) {
      std::string_view data = event.substr(kData.size(), line - kData.size());
      return data.starts_with(' ') ? data.substr(1) : data;
    }
  }
  SseReader reader(event.size());
  reader.Feed(event);
  SseEvent parsed;
  if (!reader.Next(parsed)) {
    return {};
  }
  joined.assign(parsed.data);
  return joined;
}

}  // namespace signalbox::net
