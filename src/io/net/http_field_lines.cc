#include "io/net/http_field_lines.h"

#include <algorithm>
#include <cstring>

#include "io/net/byte_class.h"

namespace signalbox::net {
namespace {

Read RefuseName(HeadCursor& in, const char* at) {
  if (at == in.at) {
    if (*at == ' ' || *at == '\t') return in.Refuse(400, "a field line starts with white space");
    if (*at == '\n') return in.Refuse(400, "a line ends in a bare LF");
    return in.Refuse(400, "a field line has no name");
  }
  return in.Refuse(400, "a field name is not a token right before its colon");
}

}  // namespace

Read ReadLineEnd(HeadCursor& in) {
  if (in.at == in.end) return Read::kMore;
  if (*in.at == '\n') return in.Refuse(400, "a line ends in a bare LF");
  if (*in.at != '\r') return in.Refuse(400, "a line holds a byte that may not stand there");
  if (in.end - in.at < 2) return Read::kMore;
  if (in.at[1] != '\n') return in.Refuse(400, "a CR is not followed by LF");
  in.at += 2;
  return Read::kDone;
}

Read ReadFieldLine(HeadCursor& in, Field& field) {
  const char* at = SkipWhile(in.at, in.end, kTokenByte);
  if (at == in.end) return Read::kMore;
  if (*at != ':' || at == in.at) [[unlikely]] {
    if (*at != '\r' || at != in.at) return RefuseName(in, at);
    field.name = {};
    return ReadLineEnd(in);
  }
  field.name = {in.at, static_cast<std::size_t>(at - in.at)};
  const char* const start = SkipBlanks(at + 1, in.end);
  in.at = SkipValue(start, in.end);
  const char* value_end = in.at;
  if (const Read read = ReadLineEnd(in); read != Read::kDone) return read;
  while (value_end != start && (value_end[-1] == ' ' || value_end[-1] == '\t')) --value_end;
  field.value = {start, static_cast<std::size_t>(value_end - start)};
  return Read::kDone;
}

Read ReadFieldLines(HeadCursor& in, std::uint32_t limit, Fields& fields, Framing& framing,
                    const char*& last_line) {
  const std::size_t most = std::min<std::size_t>(limit, kMaxFields);
  fields.Clear();
  while (true) {
    const char* const line = in.at;
    if (in.at != in.end && *in.at != '\r' && fields.size() == most) {
      return in.Refuse(431, "the head has too many fields");
    }
    Field field;
    const Read read = ReadFieldLine(in, field);
    if (read != Read::kDone) {
      last_line = line == in.end ? nullptr : line;
      return read;
    }
    if (field.name.empty()) return Read::kDone;
    if (const Read noted = NoteFraming(in, field, framing); noted != Read::kDone) return noted;
    fields.Add(field);
  }
}

HeadResult FinishLook(Read read, const HeadCursor& in, std::string_view bytes,
                      const HeadLimits& limits, const char* last_line, std::size_t& scanned) {
  scanned = 0;
  HeadResult result;
  if (read == Read::kDone) {
    result.state = HeadState::kComplete;
    result.consumed = static_cast<std::size_t>(in.at - bytes.data());
  } else if (read == Read::kBad) {
    result.state = HeadState::kRejected;
    result.rejection = in.bad;
  } else if (bytes.size() >= limits.head_bytes) {
    result.state = HeadState::kRejected;
    result.rejection = {431, "the head is too long"};
  } else if (last_line != nullptr) {
    scanned = static_cast<std::size_t>(last_line - bytes.data());
  }
  return result;
}

bool LookAtPartialLine(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                       HeadResult& result) {
  const std::string_view window = bytes.substr(0, limits.head_bytes);
  if (scanned == 0 || scanned >= window.size()) return false;
  const char* const line = window.data() + scanned;
  if (std::memchr(line, '\n', window.size() - scanned) != nullptr) return false;
  HeadCursor in{line, window.data() + window.size(), {}};
  Field field;
  const Read read = ReadFieldLine(in, field);
  result = FinishLook(read, in, bytes, limits, line, scanned);
  return true;
}

}  // namespace signalbox::net
