// Any bytes as a chunked body: every cut gives the same, nothing is read past the end, and the body
// encoded again decodes to itself.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/net/chunked.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file
using State = ChunkedDecoder::State;

constexpr std::uint32_t kLimit = 64;
constexpr std::uint16_t kTrailers = 3;

struct Outcome {
  State state = State::kNeedMore;
  std::string body;
  std::size_t consumed = 0;
  std::uint64_t announced = 0;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

Outcome Decode(std::string_view text, std::size_t piece) {
  ChunkedDecoder decoder(kLimit, kTrailers);
  Outcome outcome;
  while (outcome.consumed < text.size()) {
    const std::string_view part = text.substr(outcome.consumed, piece);
    const ChunkedDecoder::Step step = decoder.Next(part);
    Require(step.consumed <= part.size());
    Require(step.data.empty() ||
            (step.data.data() >= part.data() && step.data.end() <= part.data() + step.consumed));
    outcome.consumed += step.consumed;
    outcome.body += step.data;
    outcome.state = step.state == State::kData ? State::kNeedMore : step.state;
    outcome.announced = decoder.announced();
    if (step.state == State::kEnd || step.state == State::kBad) break;
    Require(step.consumed > 0);
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Outcome whole = Decode(text, size + 1);
  for (const std::size_t piece : {1, 2, 3, 7}) {
    const Outcome cut = Decode(text, piece);
    Require(cut.state == whole.state && cut.body == whole.body && cut.consumed == whole.consumed);
    Require(cut.announced == whole.announced);
  }
  char line[kChunkLineSize];
  std::string again(whole.body.empty() ? "" : ChunkLine(whole.body.size(), line));
  if (!whole.body.empty()) again += whole.body + "\r\n";
  again += "0\r\n\r\n";
  const Outcome copy = Decode(again, again.size());
  Require(copy.state == State::kEnd && copy.body == whole.body && copy.consumed == again.size());
  return 0;
}
