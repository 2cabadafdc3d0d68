// Any bytes as an event stream: every cut gives the same events and counts, and the events written
// again are read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "io/net/sse.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file

struct Event {
  std::string type, data, id;
  bool operator==(const Event&) const = default;
};

struct Outcome {
  std::vector<Event> events;
  std::uint64_t oversized = 0;
  bool at_boundary = true;
  bool operator==(const Outcome&) const = default;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

Outcome Read(std::string_view text, std::size_t piece, std::size_t limit) {
  SseReader reader(limit);
  Outcome outcome;
  SseEvent event;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string_view part = text.substr(at, piece);
    const std::vector<char> bytes(part.begin(), part.end());
    reader.Feed({bytes.data(), bytes.size()});
    while (reader.Next(event)) {
      Require(reader.raw().size() + reader.rest().size() <= part.size());
      outcome.events.emplace_back(std::string(event.type), std::string(event.data),
                                  std::string(event.id));
    }
    Require(reader.rest().empty());
  }
  outcome.at_boundary = reader.AtBoundary();
  if (reader.Finish(event)) {
    Require(!outcome.at_boundary);
    outcome.events.emplace_back(std::string(event.type), std::string(event.data),
                                std::string(event.id));
  }
  outcome.oversized = reader.oversized();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::size_t limit : {std::size_t{24}, std::size_t{1} << 20}) {
    const Outcome whole = Read(text, size + 1, limit);
    for (const std::size_t piece : {1, 2, 3, 7, 40}) {
      Require(Read(text, piece, limit) == whole);
    }
    std::string again;
    for (const Event& event : whole.events) AppendSseEvent(again, event.type, event.data);
    const Outcome copy = Read(again, again.size() + 1, 1 << 22);
    Require(copy.events.size() == whole.events.size() && copy.at_boundary);
    for (std::size_t i = 0; i < copy.events.size(); ++i) {
      Require(copy.events[i].type == whole.events[i].type);
      Require(copy.events[i].data == whole.events[i].data);
    }
  }
  return 0;
}
