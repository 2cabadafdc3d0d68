#include "vendors/catalog/price_fields.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace signalbox::catalog {
namespace {

using json::Value;
using Text = std::string_view;

struct NamedUnit {
  Text name;
  Unit unit;
  bool spare = false;  // another name for the same price, which counts when the first is absent
};
constexpr NamedUnit kUnitNames[] = {
    {"input_cost_per_token", Unit::kInput},
    {"output_cost_per_token", Unit::kOutput},
    {"cache_read_input_token_cost", Unit::kCached},
    {"input_cost_per_token_cache_hit", Unit::kCached, true},
    {"cache_creation_input_token_cost", Unit::kCacheWrite},
    {"cache_creation_input_token_cost_above_1hr", Unit::kCacheWriteHour},
    {"output_cost_per_reasoning_token", Unit::kReasoning},
    {"input_cost_per_audio_token", Unit::kAudioInput},
    {"cache_read_input_audio_token_cost", Unit::kAudioCached},
    {"output_cost_per_audio_token", Unit::kAudioOutput},
    {"input_cost_per_image_token", Unit::kImageInput},
    {"output_cost_per_image_token", Unit::kImageOutput},
    {"citation_cost_per_token", Unit::kCitation},
    {"input_cost_per_character", Unit::kCharacter},
    {"output_cost_per_image", Unit::kImage},
    {"input_cost_per_second", Unit::kInputSecond},
    {"input_cost_per_audio_per_second", Unit::kInputSecond, true},
    {"output_cost_per_second", Unit::kOutputSecond},
    {"output_cost_per_video_per_second", Unit::kOutputSecond, true},
    {"input_cost_per_request", Unit::kRequest},
    {"input_cost_per_query", Unit::kSearch},
};

constexpr std::pair<Text, ServiceTier> kTierEnds[] = {
    {"_batches", ServiceTier::kBatch},
    {"_flex", ServiceTier::kFlex},
    {"_priority", ServiceTier::kPriority},
};

const NamedUnit* FindName(Text name) {
  const auto* found = std::ranges::find(kUnitNames, name, &NamedUnit::name);
  return found == std::end(kUnitNames) ? nullptr : found;
}

// Takes "_above_200k_tokens" off the end; 0 when it is not there.
std::uint32_t TakeSize(Text& name) {
  constexpr Text kBefore = "_above_";
  constexpr Text kAfter = "k_tokens";
  const std::size_t at = name.rfind(kBefore);
  if (!name.ends_with(kAfter) || at == Text::npos) {
    return 0;
  }
  const char* begin = name.data() + at + kBefore.size();
  const char* end = name.data() + name.size() - kAfter.size();
  std::uint32_t thousands = 0;
  const auto [stop, error] = std::from_chars(begin, end, thousands);
  if (error != std::errc() || stop != end || thousands > 1'000'000) {
    return 0;
  }
  name = name.substr(0, at);
  return thousands * 1000;
}

struct ReadName {
  Rate rate;
  bool spare = false;
};

std::optional<ReadName> Read(Text name) {
  ReadName out;
  for (const auto& [end, tier] : kTierEnds) {
    if (name.ends_with(end)) {
      out.rate.tier = tier;
      name.remove_suffix(end.size());
      break;
    }
  }
  out.rate.above = TakeSize(name);
  const NamedUnit* named = FindName(name);
  if (named == nullptr) {
    return std::nullopt;
  }
  out.rate.unit = named->unit;
  out.spare = named->spare;
  return out;
}

class Collector {
 public:
  void Add(Rate rate, const Value& value, bool spare) {
    std::string scratch;
    const Text text = value.IsString() ? value.AsText(scratch).value_or("") : value.Raw();
    const auto price = ReadUsdRounded(text, Per::kOne);
    const bool known = std::ranges::any_of(out_.rates, [&](const Rate& other) {
      return other.unit == rate.unit && other.tier == rate.tier && other.above == rate.above;
    });
    if (!price || (known && spare)) {
      return;
    }
    out_.rounded += ReadUsd(text, Per::kOne) ? 0 : 1;
    rate.price = *price;
    out_.rates.push_back(rate);
  }

  // Prices that all hold for prompts above `above`.
  void AddObject(const Value& object, std::uint32_t above) {
    for (const bool spare : {false, true}) {
      json::ForEachMember(object, [&](const Value& key, const Value& value) {
        std::string scratch;
        auto read = Read(key.AsText(scratch).value_or(""));
        if (read && read->spare == spare) {
          read->rate.above = std::max(read->rate.above, above);
          Add(read->rate, value, spare);
        }
      });
    }
  }

  // [{"range": [0, 32000], "input_cost_per_token": …}, …]: the size of the prompt picks one for the
  // whole call.
  void AddRanges(const Value& ranges) {
    json::ForEachElement(ranges, [&](const Value& range) {
      const auto bounds = range.Find("range");
      const auto low = bounds && bounds->IsArray() ? bounds->FirstChild() : std::nullopt;
      const double above = low ? low->AsDouble().value_or(-1) : -1;
      if (above >= 0 && above < 1e9) {
        AddObject(range, static_cast<std::uint32_t>(above));
      }
    });
  }

  void AddSearches(const Value& sizes) {
    constexpr std::pair<Text, Unit> kSizes[] = {{"search_context_size_low", Unit::kSearchLow},
                                                {"search_context_size_medium", Unit::kSearch},
                                                {"search_context_size_high", Unit::kSearchHigh}};
    for (const auto& [name, unit] : kSizes) {
      if (const auto value = sizes.Find(name)) {
        Add({.unit = unit}, *value, true);
      }
    }
  }

  PriceFields Take() {
    std::ranges::sort(out_.rates, {}, [](const Rate& rate) {
      return std::tuple(rate.tier, rate.above, rate.unit);
    });
    return std::move(out_);
  }

 private:
  PriceFields out_;
};

}  // namespace

std::optional<Rate> ReadPriceName(Text name) {
  const auto read = Read(name);
  return read ? std::optional(read->rate) : std::nullopt;
}

PriceFields ReadPriceFields(const Value& entry) {
  Collector collector;
  collector.AddObject(entry, 0);
  if (const auto ranges = entry.Find("tiered_pricing"); ranges && ranges->IsArray()) {
    collector.AddRanges(*ranges);
  }
  if (const auto sizes = entry.Find("search_context_cost_per_query"); sizes && sizes->IsObject()) {
    collector.AddSearches(*sizes);
  }
  return collector.Take();
}

}  // namespace signalbox::catalog
