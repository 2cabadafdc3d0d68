#include "pipeline/quota/worst_case.h"

#include <algorithm>
#include <initializer_list>

namespace signalbox::quota {
namespace {

using catalog::Band;
using catalog::kUnknownPrice;
using catalog::ServiceTier;
using catalog::Unit;
using Wide = __int128;

constexpr Wide kMostCost = Wide{1} << 60U;
// Tokens of an answer where neither the call nor the catalogue bounds it: nobody's model does more.
constexpr std::int64_t kLongestAnswer = 1'000'000;
constexpr std::int64_t kMostTokens = std::int64_t{1} << 32U;

std::int64_t Highest(const Band& band, std::initializer_list<Unit> units) {
  std::int64_t highest = kUnknownPrice;
  for (const Unit unit : units) {
    highest = std::max(highest, band.Of(unit));
  }
  return highest;
}

void Raise(std::int64_t& price, std::int64_t other) {
  price = std::max(price, other);
}

void AddBand(const Band& band, CostBound& bound) {
  using enum Unit;
  Raise(bound.input, band.Of(kInput));
  Raise(bound.input_written, Highest(band, {kInput, kCacheWrite, kCacheWriteHour}));
  Raise(bound.input_media, Highest(band, {kInput, kAudioInput, kImageInput}));
  Raise(bound.output, Highest(band, {kOutput, kReasoning, kCitation}));
  Raise(bound.output_media, Highest(band, {kOutput, kReasoning, kAudioOutput, kImageOutput}));
  Raise(bound.search, Highest(band, {kSearch, kSearchLow, kSearchHigh}));
  Raise(bound.request, band.Of(kRequest));
  Raise(bound.character, band.Of(kCharacter));
  Raise(bound.image, band.Of(kImage));
  bound.by_seconds = bound.by_seconds || band.Of(kInputSecond) > 0 || band.Of(kOutputSecond) > 0;
}

void AddTier(const catalog::Price& price, ServiceTier tier, CostBound& bound) {
  if (const Band* band = price.BandFor(0, tier); band != nullptr) {
    AddBand(*band, bound);
  }
  for (const catalog::Rate& rate : price.rates()) {
    if (const Band* band = price.BandFor(std::int64_t{rate.above} + 1, tier); band != nullptr) {
      AddBand(*band, bound);
    }
  }
}

std::int64_t InputPrice(const CallSize& call, const CostBound& bound) {
  std::int64_t price = call.cache_write ? bound.input_written : bound.input;
  return call.media != 0 ? std::max(price, bound.input_media) : price;
}

std::int64_t InputTokens(const CallSize& call, const CostBound& bound) {
  const auto bytes =
      static_cast<std::int64_t>(std::min<std::uint64_t>(call.body_bytes, kMostTokens));
  if (bound.context > 0) {
    return call.media != 0 ? bound.context : std::min(bytes, bound.context);
  }
  return call.media != 0 ? std::max(bytes, kLongestAnswer) : bytes;
}

std::int64_t OutputTokens(const CallSize& call, const CostBound& bound) {
  std::int64_t most = bound.max_output > 0 ? bound.max_output
                      : bound.context > 0  ? bound.context
                                           : kLongestAnswer;
  if (call.most_output >= 0) {
    most = bound.max_output > 0 ? std::min(most, call.most_output) : call.most_output;
  }
  return std::min(most * std::max<std::int64_t>(call.answers, 1), kMostTokens);
}

// What is used by most calls: four bytes of text a token, an answer of usual length.
std::int64_t LikelyTokens(const CallSize& call, const request::WorstCase& most) {
  constexpr std::int64_t kBytesOfAToken = 4;
  constexpr std::int64_t kUsualMedium = 1000;  // tokens of a picture or a page
  constexpr std::int64_t kUsualAnswer = 1000;
  const auto text = static_cast<std::int64_t>(call.body_bytes / kBytesOfAToken);
  const std::int64_t input = text + kUsualMedium * call.media;
  const std::int64_t output =
      call.most_output >= 0 ? most.output_tokens : std::min(most.output_tokens, kUsualAnswer);
  return std::min(input, most.input_tokens) + output;
}

// What is billed beside tokens; -1: not known.
Wide OtherCost(const CallSize& call, const CostBound& bound) {
  if (call.searches != 0 && (call.searches < 0 || bound.search < 0)) {
    return bound.search == 0 ? 0 : -1;
  }
  return Wide{bound.request} + Wide{std::max<std::int64_t>(bound.search, 0)} * call.searches;
}

// What is billed in place of tokens.
Wide UnitCost(const CallSize& call, const CostBound& bound) {
  if (bound.by_seconds || (bound.character <= 0 && bound.image <= 0 && bound.request <= 0)) {
    return -1;
  }
  return Wide{std::max<std::int64_t>(bound.character, 0)} *
             static_cast<std::int64_t>(std::min<std::uint64_t>(call.body_bytes, kMostTokens)) +
         Wide{std::max<std::int64_t>(bound.image, 0)} * std::max(call.images, call.answers);
}

}  // namespace

CostBound BoundOf(const catalog::Model* model, std::chrono::system_clock::time_point when,
                  bool priority) {
  CostBound bound;
  if (model == nullptr) {
    return bound;
  }
  bound.context = model->context;
  bound.max_output = model->max_output;
  const catalog::Price* price = model->PriceAt(when);
  if (price == nullptr) {
    return bound;
  }
  AddTier(*price, ServiceTier::kStandard, bound);
  if (priority) {
    AddTier(*price, ServiceTier::kPriority, bound);
  }
  bound.by_tokens = bound.input >= 0 || bound.output >= 0;
  return bound;
}

request::WorstCase WorstCaseOf(const CallSize& call, const CostBound& bound) {
  request::WorstCase worst{.input_tokens = InputTokens(call, bound),
                           .output_tokens = OutputTokens(call, bound)};
  worst.likely_tokens = LikelyTokens(call, worst);
  Wide cost = OtherCost(call, bound);
  if (bound.by_tokens) {
    const std::int64_t input = std::max<std::int64_t>(InputPrice(call, bound), 0);
    // A model without a price for its answer (embeddings, rankings) answers with no tokens.
    const std::int64_t output =
        std::max<std::int64_t>(call.media_output ? bound.output_media : bound.output, 0);
    worst.input_pico_usd = input;
    cost = cost < 0 ? cost
                    : cost + Wide{input} * worst.input_tokens + Wide{output} * worst.output_tokens;
    if (cost >= 0 && call.media_output && bound.image > 0) {
      cost += Wide{bound.image} * std::max(call.images, call.answers);
    }
  } else {
    const Wide units = UnitCost(call, bound);
    cost = cost < 0 || units < 0 ? -1 : cost + units;
  }
  if (cost >= 0) {
    worst.cost_nano_usd = static_cast<std::int64_t>(std::min((cost + 999) / 1000, kMostCost));
  }
  return worst;
}

}  // namespace signalbox::quota
