#include "pipeline/gateway/worst_case.h"

#include <algorithm>
#include <initializer_list>
#include <limits>

#include "vendors/catalog/model.h"

namespace signalbox::gateway {
namespace {

using catalog::Band;
using catalog::PicoUsd;
using catalog::ServiceTier;
using catalog::Unit;
using chat::Operation;

// Of a model of which nobody knows how much it can say.
constexpr std::int64_t kUnknownOutput = 131'072;
// Bytes of a second of speech in the tightest coding that is in use (Opus at 8 kbit/s).
constexpr std::int64_t kBytesOfASecond = 1000;
constexpr std::int64_t kUnknownUpload = 25'000'000;  // bytes: what the vendors take
constexpr std::int64_t kTokensOfACharacter = 4;      // of sound, spoken slowly

// Sums that stop at the largest number instead of going beyond it.
class Sum {
 public:
  void Add(PicoUsd price, std::int64_t count) {
    PicoUsd product = 0;
    if (__builtin_mul_overflow(price, count, &product) ||
        __builtin_add_overflow(pico_, product, &pico_)) {
      pico_ = std::numeric_limits<PicoUsd>::max();
    }
  }
  std::int64_t nano() const { return pico_ / 1000 + (pico_ % 1000 != 0 ? 1 : 0); }

 private:
  PicoUsd pico_ = 0;
};

std::int64_t InputBound(const Demand& demand, const execution::Target& target) {
  const auto bytes = static_cast<std::int64_t>(demand.body_bytes);
  const std::int64_t most = bytes + kMostMediaTokens * demand.media;
  return target.context != 0 ? std::min<std::int64_t>(most, target.context) : most;
}

std::int64_t OutputBound(const Demand& demand, Operation operation,
                         const execution::Target& target) {
  switch (operation) {
    case Operation::kEmbeddings:
    case Operation::kRerank:
    case Operation::kModerations:
    case Operation::kCountTokens:
      return 0;
    case Operation::kSpeech:
      return std::max<std::int64_t>(demand.characters, 0) * kTokensOfACharacter;
    default:
      break;
  }
  std::int64_t most = kUnknownOutput;
  if (target.known != nullptr && target.known->max_output != 0) {
    most = target.known->max_output;
  } else if (target.context != 0) {
    most = target.context;
  }
  if (demand.output_tokens >= 0) {
    most = demand.output_tokens;
  }
  return most * demand.answers;
}

// The dearest of `units` that has a price; -1: none has.
PicoUsd Dearest(const Band& band, std::initializer_list<Unit> units) {
  PicoUsd most = -1;
  for (const Unit unit : units) {
    most = std::max(most, band.Of(unit));
  }
  return most;
}

PicoUsd InputPrice(const Band& band, const Demand& demand) {
  PicoUsd price = Dearest(band, {Unit::kInput});
  if (demand.caches) {
    price = std::max(price, Dearest(band, {Unit::kCacheWrite, Unit::kCacheWriteHour}));
  }
  if (demand.media != 0) {
    price = std::max(price, Dearest(band, {Unit::kAudioInput, Unit::kImageInput}));
  }
  return price;
}

PicoUsd OutputPrice(const Band& band, const Demand& demand, Operation operation) {
  PicoUsd price = Dearest(band, {Unit::kOutput, Unit::kReasoning});
  if (demand.media != 0 || operation == Operation::kSpeech || operation == Operation::kImages) {
    price = std::max(price, Dearest(band, {Unit::kAudioOutput, Unit::kImageOutput}));
  }
  return price;
}

// Adds what is billed beside tokens: calls, pictures, characters, seconds, a search where every
// call has one. False: nothing of it has a price.
bool AddBesideTokens(const Band& band, const Demand& demand, Operation operation, Sum& sum) {
  bool priced = false;
  const auto add = [&](PicoUsd price, std::int64_t count) {
    if (price >= 0) {
      sum.Add(price, count);
      priced = true;
    }
  };
  add(band.Of(Unit::kRequest), 1);
  add(Dearest(band, {Unit::kSearch, Unit::kSearchLow, Unit::kSearchHigh}), 1);
  if (operation == Operation::kImages) {
    add(band.Of(Unit::kImage), demand.answers);
  } else if (operation == Operation::kSpeech && demand.characters >= 0) {
    add(band.Of(Unit::kCharacter), demand.characters);
  } else if (operation == Operation::kTranscriptions) {
    const auto bytes =
        demand.body_bytes != 0 ? static_cast<std::int64_t>(demand.body_bytes) : kUnknownUpload;
    add(band.Of(Unit::kInputSecond), bytes / kBytesOfASecond + 1);
  }
  return priced;
}

}  // namespace

request::WorstCase WorstCaseOf(const Demand& demand, Operation operation,
                               const execution::Target& target, core::WallTime now) {
  request::WorstCase most{.input_tokens = InputBound(demand, target),
                          .output_tokens = OutputBound(demand, operation, target)};
  const catalog::Price* price =
      target.known != nullptr
          ? target.known->PriceAt(
                std::chrono::time_point_cast<std::chrono::system_clock::duration>(now))
          : nullptr;
  const Band* band = price == nullptr ? nullptr
                                      : price->BandFor(most.input_tokens,
                                                       demand.priority ? ServiceTier::kPriority
                                                                       : ServiceTier::kStandard);
  if (band == nullptr) {
    return most;
  }
  const PicoUsd input = InputPrice(*band, demand);
  const PicoUsd output = OutputPrice(*band, demand, operation);
  Sum sum;
  const bool beside = AddBesideTokens(*band, demand, operation, sum);
  if (!beside && (input < 0 || (output < 0 && most.output_tokens != 0))) {
    return most;
  }
  most.input_pico_usd = std::max<PicoUsd>(input, 0);
  sum.Add(most.input_pico_usd, most.input_tokens);
  sum.Add(std::max<PicoUsd>(output, 0), most.output_tokens);
  most.cost_nano_usd = sum.nano();
  return most;
}

}  // namespace signalbox::gateway
