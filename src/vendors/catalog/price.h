// What a model costs from some day on: a list of rates, as stated, and bands, ready to multiply.
//
// Owner:   a Model. Threads: read only once made. Errors: none. Cancel: nothing to undo.
//
// A rate is the price of one unit, for prompts above a size and for one service tier. A unit
// without a rate of its own costs what Resolve (price.cc) says, or has no known price.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "vendors/catalog/money.h"

namespace signalbox::catalog {

enum class Unit : std::uint8_t {
  kInput,           // a token of the prompt that is nothing of what follows
  kCached,          // read from the vendor's prompt cache
  kCacheWrite,      // written to it, for minutes
  kCacheWriteHour,  // written to it, for an hour
  kAudioInput,
  kAudioCached,
  kImageInput,
  kOutput,  // a token of the answer that is nothing of what follows
  kReasoning,
  kAudioOutput,
  kImageOutput,
  kCitation,
  kCharacter,  // of text to be spoken
  kImage,      // one picture made
  kInputSecond,
  kOutputSecond,
  kRequest,  // one call
  kSearch,   // one search of the web or one ranking; medium where there are sizes
  kSearchLow,
  kSearchHigh,
};
inline constexpr std::size_t kUnits = 20;

// "input", "cached", "audio_in", …
std::string_view Name(Unit unit);
std::optional<Unit> FindUnit(std::string_view name);
// Tokens and characters are priced per million, everything else one by one.
Per PerOf(Unit unit);

enum class ServiceTier : std::uint8_t { kStandard, kBatch, kFlex, kPriority };
std::string_view Name(ServiceTier tier);
// Of the words that vendors answer with ("default", "on_demand", "flex", …); nullopt: none of them.
std::optional<ServiceTier> FindServiceTier(std::string_view name);

struct Rate {
  Unit unit = Unit::kInput;
  ServiceTier tier = ServiceTier::kStandard;
  std::uint32_t above = 0;  // holds for the whole call when its prompt has more tokens than this
  PicoUsd price = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
};

// The price of every unit for one tier and prompts above one size; kUnknownPrice where unknown.
struct Band {
  ServiceTier tier = ServiceTier::kStandard;
  std::uint32_t above = 0;
  std::array<PicoUsd, kUnits> prices{};

  PicoUsd Of(Unit unit) const { return prices[static_cast<std::size_t>(unit)]; }
};

class Price {
 public:
  Price() = default;
  // `from`: the first day it holds, in UTC; unset: no earlier price is known. A rate that stands
  // twice: the last counts.
  Price(std::optional<std::chrono::sys_days> from, std::vector<Rate> rates);

  std::optional<std::chrono::sys_days> from() const { return from_; }
  std::span<const Rate> rates() const { return rates_; }
  bool known() const { return !rates_.empty(); }

  // The rate as stated, kUnknownPrice when it is not.
  PicoUsd Stated(Unit unit, ServiceTier tier = ServiceTier::kStandard,
                 std::uint32_t above = 0) const;

  // What holds for a prompt of `input` tokens (-1: not known); null when that cannot be said.
  const Band* BandFor(std::int64_t input, ServiceTier tier) const;

 private:
  std::optional<std::chrono::sys_days> from_;
  std::vector<Rate> rates_;
  std::vector<Band> bands_;  // by tier, then by size, ascending
};

}  // namespace signalbox::catalog
