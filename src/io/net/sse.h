// Server-sent events (WHATWG HTML section 9.2), cut out of a byte stream without holding it back.
//
// Owner:   one reader per stream.
// Threads: none of its own.
// Errors:  an event over the limit is skipped and counted (oversized()); nothing else can fail.
// Cancel:  nothing to undo.
//
// An event that lies whole inside the bytes fed, with one data line, is returned without a copy.
// LF, CRLF and CR end lines; a BOM at the start is skipped; comments are skipped. A line that a CR
// ends is complete at once, whether or not an LF follows. An id is the event's own; the last one is
// not remembered. Work is linear in the bytes, however the stream is cut.
// Budget: 50 ns for an event of 200 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signalbox::net {

struct SseEvent {
  std::string_view type;  // the event field; empty means "message"
  std::string_view data;  // data lines joined by LF
  std::string_view id;
};

class SseReader {
 public:
  explicit SseReader(std::size_t max_event_bytes = 1024 * 1024) : limit_(max_event_bytes) {}

  // Hands over the next bytes of the stream; they must stay until Next has returned false.
  void Feed(std::string_view bytes);
  // The next complete event. Views are valid until the next call of Next or Feed.
  bool Next(SseEvent& out);
  // At the end of the stream, once Next has returned false: the event whose empty line never came,
  // if its data did. Browsers drop it; several vendors end their last event so.
  bool Finish(SseEvent& out);
  // True when no part of an event or comment is waiting for its end: a place where a comment or an
  // event of our own may be put into the stream. Valid once Next has returned false.
  bool AtBoundary() const { return !holding_; }
  // The bytes fed that Next has not looked at: the last event ends right before them.
  std::string_view rest() const { return input_; }
  // The last event as it stands in the bytes fed, with its empty line (and comments before it);
  // empty when it began in bytes fed earlier. Valid as long as those bytes.
  std::string_view raw() const { return raw_; }
  std::uint64_t oversized() const { return oversized_; }

 private:
  bool NextWhole(SseEvent& out);
  bool NextHeld(SseEvent& out);
  bool TakeHeld(SseEvent& out);
  void Hold(std::string_view part);
  void SkipBom();
  void PassLineEnd(std::size_t at);
  void Drop();

  std::size_t limit_;
  std::string_view input_;
  std::string_view raw_;
  std::string held_;    // lines, each ended by LF, of an event whose end has not come
  std::string joined_;  // data of an event with several data lines
  std::uint64_t oversized_ = 0;
  std::uint8_t bom_bytes_ = 0;  // how many of the three have been seen
  bool started_ = false;        // past the place of a BOM
  bool after_cr_ = false;       // an LF that comes next belongs to the line end before
  bool holding_ = false;        // between the first byte of an event or comment and its end
  bool in_line_ = false;        // holding, and the current line has at least one byte
  bool in_comment_ = false;     // that byte was a colon
  bool skipping_ = false;       // holding an event that is over the limit: nothing is kept
  bool delivered_ = false;      // held_ is what the last event's views look at
};

// Appends one event: "event: type\n" when type is not empty, a data line per line of `data` (LF,
// CRLF and CR end lines there too, so that data cannot break out of its event), LF. `type` is ours
// and holds no line end.
void AppendSseEvent(std::string& out, std::string_view type, std::string_view data);

}  // namespace signalbox::net
