// What is the same to every reader of Converse, for tests: empty lists and objects that ask for
// nothing, and the padding of streams.
//
// Owner: a test. Threads: plain data. Errors: none. Cancel: nothing to undo.
#pragma once

#include "io/net/event_stream.h"
#include "vendors/dialects/testkit/meaning.h"

namespace signalbox::bedrock {

inline bool SaysNothing(std::string_view key, const json::Value& value) {
  const bool may_be_empty = key == "system" || key == "inferenceConfig" ||
                            key == "additionalModelRequestFields" || key == "stopSequences";
  return key == "p" ? value.IsString() : may_be_empty && !value.FirstChild();
}

inline constexpr testkit::Rules kRules{.says_nothing = SaysNothing, .complete = nullptr};

// The frames of a stream, a line each: the kind of it, a space, the payload without its padding.
inline std::string LinesOf(std::string_view bytes) {
  net::EventStreamReader reader;
  net::EventStreamMessage message;
  reader.Feed(bytes);
  std::string lines;
  while (reader.Next(message).value_or(false)) {
    lines += message.event_type();
    lines += message.exception_type();
    lines += " " + testkit::Meaning::Of(message.payload, kRules).Text() + "\n";
  }
  return lines;
}

// The reverse: kinds that end with "Exception" are exceptions.
inline std::string FramesOf(std::string_view lines) {
  std::string bytes;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::string_view kind = line.substr(0, line.find(' '));
    const std::string_view payload = line.substr(std::min(kind.size() + 1, line.size()));
    if (kind.ends_with("Exception")) {
      net::AppendEventStreamException(bytes, kind, payload);
    } else if (!kind.empty()) {
      net::AppendEventStreamEvent(bytes, kind, payload);
    }
  }
  return bytes;
}

}  // namespace signalbox::bedrock
