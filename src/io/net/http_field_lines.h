// The field lines of a head, read from left to right, and what they say about framing. Shared by
// request and answer; a part of http_head.h's implementation.
//
// Owner:   the parse call; nothing is kept from one look to the next.
// Threads: pure functions.
// Errors:  Rejection. A prefix is refused exactly when, and for the reason that, every longer text
//          is: what was incomplete so far never changes the verdict.
// Cancel:  nothing to undo.
#pragma once

#include <cstdint>
#include <string_view>

#include "io/net/http_head.h"

namespace signalbox::net {

enum class Read : std::uint8_t { kDone, kMore /* the bytes end here */, kBad };

struct HeadCursor {
  const char* at;
  const char* end;
  Rejection bad;

  // Records why and returns kBad.
  Read Refuse(int status, std::string_view reason) {
    bad = {status, reason};
    return Read::kBad;
  }
  std::string_view From(const char* start) const {
    return {start, static_cast<std::size_t>(at - start)};
  }
};

// What the fields say about the framing of the message.
struct Framing {
  bool is_request = true;
  bool chunked = false;
  bool has_length = false;
  bool has_host = false;
  bool close = false;
  bool keep_alive = false;
  bool expect_continue = false;
  std::uint64_t length = 0;
  std::string_view host;
};

// Reads CR LF at the cursor.
Read ReadLineEnd(HeadCursor& in);

// Reads one field line into `field`, or the empty line that ends the head (`field.name` empty).
Read ReadFieldLine(HeadCursor& in, Field& field);

// Takes note of a field that has a say in framing, or refuses it.
Read NoteFraming(HeadCursor& in, const Field& field, Framing& framing);

// Reads all field lines and the empty line. `last_line` is left at the start of the last line that
// was begun and is not complete, or nullptr.
Read ReadFieldLines(HeadCursor& in, std::uint32_t limit, Fields& fields, Framing& framing,
                    const char*& last_line);

// Keeps the result of a look: the limit over all, and the note for the next look.
HeadResult FinishLook(Read read, const HeadCursor& in, std::string_view bytes,
                      const HeadLimits& limits, const char* last_line, std::size_t& scanned);

// True when `bytes` hold nothing new since `scanned` but more of one incomplete field line;
// `result` is then the verdict on it.
bool LookAtPartialLine(std::string_view bytes, const HeadLimits& limits, std::size_t& scanned,
                       HeadResult& result);

}  // namespace signalbox::net
