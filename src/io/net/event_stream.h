// application/vnd.amazon.eventstream, the binary framing of AWS's streams: messages cut out of a
// byte stream without holding it back, and written.
//
// Owner:   one reader per stream.
// Threads: none of its own.
// Errors:  kUpstreamProtocol, once for each message at fault: a message whose checksum is wrong,
//          whose headers are malformed or that is over the limit is skipped; after a prelude that
//          is wrong nobody knows where the next message begins, and the rest of the stream is lost.
// Cancel:  nothing to undo.
// Source:  AWS, "Event stream encoding" (smithy.io, amazon-eventstream).
//
// A message: total length, length of the headers, CRC-32 of these eight bytes; headers; payload;
// CRC-32 of all before it; all big-endian. A message that lies whole inside the bytes fed is
// returned without a copy. Work is linear in the bytes, however the stream is cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/core/error.h"

namespace signalbox::net {

struct EventStreamMessage {
  std::string_view headers;  // as they were sent; well-formed
  std::string_view payload;

  // The text of a header; empty when there is none of that name, or it is no text.
  std::string_view Header(std::string_view name) const;
  // What AWS calls its parts: "event", "exception" or "error"; then what kind of it.
  std::string_view message_type() const { return Header(":message-type"); }
  std::string_view event_type() const { return Header(":event-type"); }
  std::string_view exception_type() const { return Header(":exception-type"); }
};

class EventStreamReader {
 public:
  static constexpr std::size_t kLongestMessage = 16 * 1024 * 1024;

  explicit EventStreamReader(std::size_t max_message_bytes = kLongestMessage)
      : limit_(max_message_bytes) {}

  // Hands over the next bytes of the stream; they must stay until Next has returned false.
  void Feed(std::string_view bytes);
  // The next complete message; false when there is none. Views are valid until the next call of
  // Next or Feed. After an error, what follows can be asked for.
  core::Result<bool> Next(EventStreamMessage& out);
  // True when no part of a message is waiting for its end. Valid once Next has returned false.
  bool AtBoundary() const { return held_.empty() && skip_ == 0; }

 private:
  core::Result<bool> NextWhole(EventStreamMessage& out);
  core::Result<bool> NextHeld(EventStreamMessage& out);
  core::Result<std::size_t> LengthOf(std::string_view prelude);
  bool Hold(std::size_t up_to);
  void Drop();

  std::size_t limit_;
  std::string_view input_;
  std::string held_;        // the start of a message whose end has not come
  std::size_t total_ = 0;   // of the message in held_, once its prelude is there
  std::size_t skip_ = 0;    // bytes of a message over the limit that are still to come
  bool delivered_ = false;  // held_ is what the last message's views look at
  bool lost_ = false;
};

// Appends a message with the headers :event-type, :content-type (JSON) and :message-type "event".
void AppendEventStreamEvent(std::string& out, std::string_view event_type,
                            std::string_view payload);
// The same of :message-type "exception".
void AppendEventStreamException(std::string& out, std::string_view exception_type,
                                std::string_view payload);

}  // namespace signalbox::net
