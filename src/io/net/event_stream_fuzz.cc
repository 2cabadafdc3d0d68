// Any bytes as an event stream: every cut gives the same messages and errors; messages written are
// read again as they were.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "io/net/event_stream.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file

struct Message {
  std::string headers, payload;
  bool operator==(const Message&) const = default;
};

struct Outcome {
  std::vector<Message> messages;
  std::vector<std::string> errors;
  bool at_boundary = true;
  bool operator==(const Outcome&) const = default;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

Outcome Read(std::string_view bytes, std::size_t piece, std::size_t limit) {
  EventStreamReader reader(limit);
  Outcome outcome;
  EventStreamMessage message;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const std::string_view part = bytes.substr(at, piece);
    const std::vector<char> copy(part.begin(), part.end());
    reader.Feed({copy.data(), copy.size()});
    while (true) {
      const auto more = reader.Next(message);
      if (!more) {
        outcome.errors.push_back(more.error().message);
      } else if (!*more) {
        break;
      } else {
        (void)message.Header(":event-type");
        outcome.messages.emplace_back(std::string(message.headers), std::string(message.payload));
      }
    }
  }
  outcome.at_boundary = reader.AtBoundary();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::size_t limit : {std::size_t{64}, std::size_t{1} << 20}) {
    const Outcome whole = Read(bytes, size + 1, limit);
    for (const std::size_t piece : {1, 2, 3, 7, 40}) Require(Read(bytes, piece, limit) == whole);
  }
  std::string written;
  AppendEventStreamEvent(written, "contentBlockDelta", bytes);
  AppendEventStreamException(written, "validationException", bytes);
  const Outcome again = Read(written, written.size(), 1 << 24);
  Require(again.errors.empty() && again.at_boundary && again.messages.size() == 2);
  Require(again.messages[0].payload == bytes && again.messages[1].payload == bytes);
  return 0;
}
