#include "vendors/catalog/cost.h"

#include <algorithm>
#include <limits>

namespace signalbox::catalog {
namespace {

using chat::Usage;
using enum Unit;
using Wide = __int128;  // 10^15 units at 10^15 pico-dollars, in thousandths, is 10^33

constexpr std::int64_t kMostUnits = 1'000'000'000'000'000;
constexpr Wide kThousandth = 1000;  // sums are in thousandths of a pico-dollar
constexpr Wide kNano = 1000 * kThousandth;

// Above it a count is nonsense, below it no sum of counts can overflow.
bool Sane(const Usage& u) {
  for (const std::int64_t count :
       {u.input, u.output, u.cached, u.reasoning, u.cache_write, u.cache_write_hour, u.audio_input,
        u.audio_cached, u.audio_output, u.image_input, u.image_output, u.citation, u.images,
        u.input_milliseconds, u.output_milliseconds, u.characters, u.searches}) {
    if (count > kMostUnits) {
      return false;
    }
  }
  return true;
}

class Bill {
 public:
  Bill(const Band& band, const Usage& usage) : band_(band), usage_(usage) {}

  std::optional<NanoUsd> Make() {
    const bool by_tokens = Known(kInput) || Known(kOutput);
    if (by_tokens) {
      AddInput();
      AddOutput();
    } else {
      AddOtherInput();
      AddOtherOutput();
    }
    AddSearches();
    if (billed_ && Known(kRequest)) {
      Add(kRequest, 1);
    }
    if (failed_ || !billed_) {
      return std::nullopt;
    }
    const Wide nano = (sum_ + kNano / 2) / kNano;
    if (nano > std::numeric_limits<std::int64_t>::max()) {
      return std::nullopt;
    }
    return NanoUsd{static_cast<std::int64_t>(nano)};
  }

 private:
  static std::int64_t Count(std::int64_t count) { return std::max<std::int64_t>(count, 0); }
  bool Known(Unit unit) const { return band_.Of(unit) != kUnknownPrice; }

  void AddThousandths(Unit unit, std::int64_t count, Wide thousandths) {
    billed_ = true;
    if (count < 0 || (count > 0 && !Known(unit))) {
      failed_ = true;
    } else if (count > 0) {
      sum_ += Wide(band_.Of(unit)) * count * thousandths;
    }
  }
  void Add(Unit unit, std::int64_t count) { AddThousandths(unit, count, kThousandth); }
  void AddMilliseconds(Unit unit, std::int64_t count) { AddThousandths(unit, count, 1); }

  void AddInput() {
    if (usage_.input < 0) {
      if (!AddOtherInput() && band_.Of(kInput) != 0) {
        failed_ = true;
      }
      return;
    }
    const std::int64_t cached = Count(usage_.cached);
    const std::int64_t hour = Count(usage_.cache_write_hour);
    const std::int64_t write = usage_.cache_write < 0 ? hour : usage_.cache_write;
    const std::int64_t fresh = usage_.input - cached - write;
    Add(kCacheWriteHour, hour);
    Add(kCacheWrite, write - hour);
    AddFresh(fresh, cached);
    if (usage_.citation > 0) {
      Add(kCitation, usage_.citation);
    }
  }

  // Sound and pictures are taken to be new as far as there is room, and cached beyond that.
  void AddFresh(std::int64_t fresh, std::int64_t cached) {
    const std::int64_t audio = Count(usage_.audio_input);
    const std::int64_t heard_before = usage_.audio_cached >= 0
                                          ? usage_.audio_cached
                                          : std::max<std::int64_t>(0, audio - Count(fresh));
    const std::int64_t image =
        std::min(Count(usage_.image_input), Count(fresh - (audio - heard_before)));
    Add(kAudioCached, heard_before);
    Add(kCached, cached - heard_before);
    Add(kAudioInput, audio - heard_before);
    Add(kImageInput, image);
    Add(kInput, fresh - (audio - heard_before) - image);
  }

  void AddOutput() {
    if (usage_.output < 0) {
      // Embeddings and rankings answer with no tokens, and their vendors do not say so.
      if (!AddOtherOutput() && band_.Of(kOutput) > 0) {
        failed_ = true;
      }
      return;
    }
    const std::int64_t reasoning = Count(usage_.reasoning);
    const std::int64_t audio = Count(usage_.audio_output);
    const std::int64_t image = Count(usage_.image_output);
    Add(kReasoning, reasoning);
    Add(kAudioOutput, audio);
    Add(kImageOutput, image);
    Add(kOutput, usage_.output - reasoning - audio - image);
  }

  bool AddOtherInput() {
    if (usage_.input_milliseconds >= 0 && Known(kInputSecond)) {
      AddMilliseconds(kInputSecond, usage_.input_milliseconds);
      return true;
    }
    if (usage_.characters >= 0 && Known(kCharacter)) {
      Add(kCharacter, usage_.characters);
      return true;
    }
    return false;
  }

  bool AddOtherOutput() {
    if (usage_.images >= 0 && Known(kImage)) {
      Add(kImage, usage_.images);
      return true;
    }
    if (usage_.output_milliseconds >= 0 && Known(kOutputSecond)) {
      AddMilliseconds(kOutputSecond, usage_.output_milliseconds);
      return true;
    }
    return false;
  }

  void AddSearches() {
    if (usage_.searches <= 0) {
      return;
    }
    switch (usage_.search_size) {
      case chat::SearchSize::kLow:
        return Add(Known(kSearchLow) ? kSearchLow : kSearch, usage_.searches);
      case chat::SearchSize::kHigh:
        return Add(Known(kSearchHigh) ? kSearchHigh : kSearch, usage_.searches);
      case chat::SearchSize::kMedium:
        return Add(kSearch, usage_.searches);
      case chat::SearchSize::kUnknown:
        break;
    }
    failed_ = failed_ || (Known(kSearchLow) && band_.Of(kSearchLow) != band_.Of(kSearch)) ||
              (Known(kSearchHigh) && band_.Of(kSearchHigh) != band_.Of(kSearch));
    Add(kSearch, usage_.searches);
  }

  const Band& band_;
  const Usage& usage_;
  Wide sum_ = 0;
  bool billed_ = false;
  bool failed_ = false;
};

}  // namespace

std::optional<NanoUsd> Cost(const Price& price, const Usage& usage, ServiceTier tier) {
  const Band* band = price.BandFor(usage.input, tier);
  return band != nullptr && Sane(usage) ? Bill(*band, usage).Make() : std::nullopt;
}

}  // namespace signalbox::catalog
