#include "vendors/catalog/price.h"

#include <algorithm>
#include <set>
#include <utility>

namespace signalbox::catalog {
namespace {

using enum Unit;

constexpr std::array<std::string_view, kUnits> kNames = {
    "input",     "cached",     "write",     "write_hour", "audio_in",   "audio_cached", "image_in",
    "output",    "reasoning",  "audio_out", "image_out",  "citation",   "character",    "image",
    "second_in", "second_out", "request",   "search",     "search_low", "search_high"};

constexpr std::array<std::string_view, 4> kTierNames = {"standard", "batch", "flex", "priority"};

// What a unit costs when no price list says anything else: a cached token is a token of the prompt.
// An hour in the cache is never the price of minutes, so it follows only where writing has no price
// of its own at all.
std::optional<Unit> Parent(Unit unit, bool write_has_price) {
  switch (unit) {
    case kCached:
    case kCacheWrite:
    case kAudioInput:
    case kImageInput:
    case kCitation:
      return kInput;
    case kCacheWriteHour:
      return write_has_price ? std::nullopt : std::optional(kInput);
    case kAudioCached:
      return kCached;
    case kReasoning:
    case kAudioOutput:
    case kImageOutput:
      return kOutput;
    default:
      return std::nullopt;
  }
}

// Models that answer with nothing but pictures or sound have only that price.
std::optional<Unit> OnlyOutput(const Price& price) {
  for (const Unit unit : {kImageOutput, kAudioOutput}) {
    if (price.Stated(unit) != kUnknownPrice) {
      return unit;
    }
  }
  return std::nullopt;
}

class Resolver {
 public:
  Resolver(const Price& price, std::set<std::uint32_t> sizes)
      : price_(price), sizes_(std::move(sizes)) {}

  Band Make(ServiceTier tier, std::uint32_t above) const {
    Band band{.tier = tier, .above = above};
    for (std::size_t i = 0; i < kUnits; ++i) {
      band.prices[i] = Resolve(static_cast<Unit>(i), tier, above);
    }
    return band;
  }

 private:
  // In this order: as stated for the tier and size; as stated for standard at this size; the same
  // for smaller prompts; as the unit that this one is a part of. Batch and flex are never dearer
  // than standard, so standard is the most they can cost; priority is, so its input and output need
  // a price of their own.
  PicoUsd Resolve(Unit unit, ServiceTier tier, std::uint32_t above) const {
    const bool dearer = tier == ServiceTier::kPriority && (unit == kInput || unit == kOutput);
    for (auto size = sizes_.rbegin(); size != sizes_.rend(); ++size) {
      if (*size > above) {
        continue;
      }
      for (const ServiceTier from : {tier, ServiceTier::kStandard}) {
        const bool allowed = from == tier || !dearer;
        const PicoUsd stated = allowed ? price_.Stated(unit, from, *size) : kUnknownPrice;
        if (stated != kUnknownPrice) {
          return stated;
        }
      }
    }
    return ResolveParent(unit, tier, above);
  }

  PicoUsd ResolveParent(Unit unit, ServiceTier tier, std::uint32_t above) const {
    const bool write_has_price = price_.Stated(kCacheWrite) != kUnknownPrice;
    if (const auto parent = Parent(unit, write_has_price)) {
      // The price of output that is only known as pictures leads back here.
      return *parent == kOutput && price_.Stated(kOutput) == kUnknownPrice
                 ? kUnknownPrice
                 : Resolve(*parent, tier, above);
    }
    const auto only = unit == kOutput ? OnlyOutput(price_) : std::nullopt;
    return only ? Resolve(*only, tier, above) : kUnknownPrice;
  }

  const Price& price_;
  std::set<std::uint32_t> sizes_;
};

}  // namespace

std::string_view Name(Unit unit) {
  return kNames[static_cast<std::size_t>(unit)];
}

std::optional<Unit> FindUnit(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Unit>(found - kNames.begin()));
}

Per PerOf(Unit unit) {
  return unit <= kCharacter ? Per::kMillion : Per::kOne;
}

std::string_view Name(ServiceTier tier) {
  return kTierNames[static_cast<std::size_t>(tier)];
}

std::optional<ServiceTier> FindServiceTier(std::string_view name) {
  if (name == "default" || name == "on_demand") {
    return ServiceTier::kStandard;
  }
  const auto found = std::ranges::find(kTierNames, name);
  return found == kTierNames.end()
             ? std::nullopt
             : std::optional(static_cast<ServiceTier>(found - kTierNames.begin()));
}

Price::Price(std::optional<std::chrono::sys_days> from, std::vector<Rate> rates) : from_(from) {
  std::set<std::uint32_t> sizes{0};
  std::set<ServiceTier> tiers{ServiceTier::kStandard};
  for (const Rate& rate : rates) {
    std::erase_if(rates_, [&](const Rate& other) {
      return other.unit == rate.unit && other.tier == rate.tier && other.above == rate.above;
    });
    rates_.push_back(rate);
    sizes.insert(rate.above);
    tiers.insert(rate.tier);
  }
  const Resolver resolver(*this, sizes);
  bands_.reserve(sizes.size() * tiers.size());
  for (const ServiceTier tier : tiers) {
    for (const std::uint32_t size : sizes) {
      bands_.push_back(resolver.Make(tier, size));
    }
  }
}

PicoUsd Price::Stated(Unit unit, ServiceTier tier, std::uint32_t above) const {
  for (const Rate& rate : rates_) {
    if (rate.unit == unit && rate.tier == tier && rate.above == above) {
      return rate.price;
    }
  }
  return kUnknownPrice;
}

const Band* Price::BandFor(std::int64_t input, ServiceTier tier) const {
  const Band* best = nullptr;
  bool sized = false;
  for (const Band& band : bands_) {
    if (band.tier != tier) {
      continue;
    }
    sized = sized || band.above > 0;
    if (band.above == 0 || input > static_cast<std::int64_t>(band.above)) {
      best = &band;
    }
  }
  if (best == nullptr && (tier == ServiceTier::kBatch || tier == ServiceTier::kFlex)) {
    return BandFor(input, ServiceTier::kStandard);
  }
  return sized && input < 0 ? nullptr : best;
}

}  // namespace signalbox::catalog
