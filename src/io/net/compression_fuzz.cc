// Any bytes as a compressed body (the first byte picks the coding): no cut changes the outcome, the
// limits hold, and any bytes encoded decode to themselves.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "io/net/compression.h"

namespace {

using namespace signalbox::net;  // NOLINT: a fuzz target is one file

constexpr Coding kCodings[] = {Coding::kGzip, Coding::kDeflate, Coding::kBrotli, Coding::kZstd};
constexpr DecodeLimits kLimits{.max_output = 4 * 1024 * 1024, .max_ratio = 200};

struct Outcome {
  bool ok = true;
  bool finished = false;
  std::string body;
};

void Require(bool holds) {
  if (!holds) std::abort();
}

Outcome Decode(Coding coding, std::string_view text, std::size_t piece) {
  const std::unique_ptr<Decoder> decoder = Decoder::Create(coding, kLimits);
  Outcome outcome;
  for (std::size_t at = 0; at < text.size() && outcome.ok; at += piece) {
    outcome.ok = decoder->Decode(text.substr(at, piece), outcome.body).has_value();
  }
  outcome.finished = outcome.ok && decoder->finished();
  Require(outcome.body.size() <= kLimits.max_output + 64 * 1024);
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Coding coding = kCodings[data[0] % 4];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = Decode(coding, text, size);
  for (const std::size_t piece : {1, 3, 64}) {
    const Outcome cut = Decode(coding, text, piece);
    // Where the ratio is looked at depends on the cut; a body far from it has one outcome only.
    if (whole.body.size() > 1024 * 1024 || cut.body.size() > 1024 * 1024) continue;
    Require(cut.finished == whole.finished);
    if (whole.finished) Require(cut.body == whole.body);
  }
  const std::string encoded = Encode(coding, text);
  const Outcome back = Decode(coding, encoded, 100);
  if (text.size() < 1024 * 1024) Require(back.finished && back.body == text);
  return 0;
}
