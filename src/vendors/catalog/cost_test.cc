#include "vendors/catalog/cost.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/core/random.h"
#include "vendors/catalog/rate.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

using chat::Usage;
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

Price MakePrice(std::string_view words) {
  std::vector<Rate> rates;
  for (auto word = TakeWord(words); !word.empty(); word = TakeWord(words)) {
    const auto rate = ReadRate(word);
    EXPECT_TRUE(rate) << word;
    rates.push_back(rate.value_or(Rate{}));
  }
  return {std::nullopt, std::move(rates)};
}

// The cost in nano-dollars; -1: unknown.
std::int64_t NanoOf(std::string_view price, const Usage& usage,
                    ServiceTier tier = ServiceTier::kStandard) {
  const auto cost = Cost(MakePrice(price), usage, tier);
  return cost ? cost->count : -1;
}

TEST(Cost, IsTokensTimesPrices) {
  // 1000 × 2.5 + 100 × 10 = 3500 millionths of a dollar
  EXPECT_EQ(NanoOf("input=2.5 output=10", {.input = 1000, .output = 100}), 3'500'000);
  EXPECT_EQ(NanoOf("input=2.5 output=10", {.input = 0, .output = 0}), 0);
}

TEST(Cost, RoundsOnceHalfUp) {
  // A pico-dollar is a thousandth of a nano-dollar: 499, 500 and 1499 of them.
  EXPECT_EQ(NanoOf("input=0.000001 output=0", {.input = 499, .output = 0}), 0);
  EXPECT_EQ(NanoOf("input=0.000001 output=0", {.input = 500, .output = 0}), 1);
  EXPECT_EQ(NanoOf("input=0.000001 output=0", {.input = 1499, .output = 0}), 1);
  // Each part alone would round to 0, together they are 600.
  EXPECT_EQ(NanoOf("input=0.000001 output=0.000001", {.input = 300, .output = 300}), 1);
  // Below a millionth of a dollar for a token: 51 × 0.14 + 512 × 0.0028 + 116 × 0.28 = 41.0536
  EXPECT_EQ(
      NanoOf("input=0.14 cached=0.0028 output=0.28", {.input = 563, .output = 116, .cached = 512}),
      41'054);
}

TEST(Cost, TakesCachedTokensOutOfTheInput) {
  const Usage usage{.input = 1000, .output = 10, .cached = 600};
  EXPECT_EQ(NanoOf("input=2 output=8 cached=0.5", usage), 400 * 2'000 + 600 * 500 + 10 * 8'000);
  EXPECT_EQ(NanoOf("input=2 output=8", usage), 1000 * 2'000 + 10 * 8'000);
  EXPECT_EQ(NanoOf("input=2 output=8 cached=0", usage), 400 * 2'000 + 10 * 8'000);
}

TEST(Cost, TellsMinutesFromAnHourInTheCache) {
  const std::string_view price = "input=3 output=15 cached=0.3 write=3.75 write_hour=6";
  const Usage usage{
      .input = 1000, .output = 0, .cached = 100, .cache_write = 500, .cache_write_hour = 200};
  EXPECT_EQ(NanoOf(price, usage), 400 * 3'000 + 100 * 300 + 300 * 3'750 + 200 * 6'000);
  // A vendor with a price for minutes and none for an hour has not said what the hour costs.
  EXPECT_EQ(NanoOf("input=3 output=15 write=3.75", usage), -1);
  EXPECT_EQ(NanoOf("input=3 output=15", usage), 1000 * 3'000);
  Usage hour_alone = usage;
  hour_alone.cache_write = -1;
  EXPECT_EQ(NanoOf(price, hour_alone), 700 * 3'000 + 100 * 300 + 200 * 6'000);
}

TEST(Cost, PricesReasoningApartOnlyWhereTheVendorDoes) {
  const Usage usage{.input = 10, .output = 100, .reasoning = 60};
  EXPECT_EQ(NanoOf("input=1 output=2", usage), 10 * 1'000 + 100 * 2'000);
  EXPECT_EQ(NanoOf("input=1 output=2 reasoning=4", usage), 10 * 1'000 + 40 * 2'000 + 60 * 4'000);
}

TEST(Cost, CountsSoundAndPicturesApart) {
  const std::string_view price =
      "input=4 cached=0.4 audio_in=32 audio_cached=0.5 image_in=5 output=16 audio_out=64 "
      "image_out=40";
  const Usage usage{.input = 1000,
                    .output = 100,
                    .cached = 200,
                    .audio_input = 300,
                    .audio_cached = 50,
                    .audio_output = 70,
                    .image_input = 100,
                    .image_output = 10};
  EXPECT_EQ(NanoOf(price, usage), 450 * 4'000 + 150 * 400 + 250 * 32'000 + 50 * 500 + 100 * 5'000 +
                                      20 * 16'000 + 70 * 64'000 + 10 * 40'000);
}

TEST(Cost, TakesSoundForCachedWhereThereIsNoOtherRoom) {
  // 100 tokens, 80 cached, 50 of sound: at least 30 of the sound were cached.
  const Usage usage{.input = 100, .output = 0, .cached = 80, .audio_input = 50};
  EXPECT_EQ(NanoOf("input=4 cached=0.4 audio_in=32 audio_cached=0.5 output=16", usage),
            20 * 32'000 + 30 * 500 + 50 * 400);
}

TEST(Cost, ModelsThatAnswerWithPicturesOnlyHaveOneOutputPrice) {
  EXPECT_EQ(
      NanoOf("input=5 image_in=10 image_out=40", {.input = 30, .output = 1000, .image_input = 20}),
      10 * 5'000 + 20 * 10'000 + 1000 * 40'000);
}

TEST(Cost, BillsOtherUnitsWhereThereAreNoTokens) {
  EXPECT_EQ(NanoOf("second_in=0.0001", {.input_milliseconds = 1'500}), 150'000);
  EXPECT_EQ(NanoOf("character=15", {.characters = 1'000}), 15'000'000);
  EXPECT_EQ(NanoOf("image=0.04", {.images = 3}), 120'000'000);
  EXPECT_EQ(NanoOf("second_out=0.1", {.output_milliseconds = 8'000}), 800'000'000);
  // Both prices are of the same thing: tokens first.
  EXPECT_EQ(NanoOf("input=2.5 output=10 second_in=0.0001",
                   {.input = 100, .output = 5, .input_milliseconds = 60'000}),
            100 * 2'500 + 5 * 10'000);
  EXPECT_EQ(
      NanoOf("input=2.5 output=10 second_in=0.0001", {.output = 5, .input_milliseconds = 1'000}),
      100'000 + 5 * 10'000);
}

TEST(Cost, AddsSearchesBySize) {
  const std::string_view price = "input=1 output=1 search_low=0.005 search=0.008 search_high=0.012";
  Usage usage{.input = 10, .output = 10, .searches = 2, .search_size = chat::SearchSize::kLow};
  EXPECT_EQ(NanoOf(price, usage), 20'000 + 10'000'000);
  usage.search_size = chat::SearchSize::kHigh;
  EXPECT_EQ(NanoOf(price, usage), 20'000 + 24'000'000);
  usage.search_size = chat::SearchSize::kUnknown;
  EXPECT_EQ(NanoOf(price, usage), -1);
  EXPECT_EQ(NanoOf("input=1 output=1 search=0.01", usage), 20'000 + 20'000'000);
  EXPECT_EQ(NanoOf("input=1 output=1", usage), -1);
  EXPECT_EQ(NanoOf("search=0.002", {.searches = 1}), 2'000'000);
}

TEST(Cost, AddsThePriceOfACall) {
  EXPECT_EQ(NanoOf("input=1 output=1 request=0.005", {.input = 1, .output = 1}), 5'002'000);
}

TEST(Cost, IsUnknownRatherThanZero) {
  EXPECT_EQ(NanoOf("", {.input = 10, .output = 10}), -1);
  EXPECT_EQ(NanoOf("input=1", {.input = 10, .output = 10}), -1);
  EXPECT_EQ(NanoOf("input=1 output=1", {}), -1);
  EXPECT_EQ(NanoOf("input=1 output=1", {.input = 10}), -1);
  EXPECT_EQ(NanoOf("input=1 output=1", {.output = 10}), -1);
  EXPECT_EQ(NanoOf("image=0.04", {.input = 10, .output = 10}), -1);
  EXPECT_EQ(NanoOf("image=0.04", {}), -1);
  // Embeddings: vendors state no output, and it has no price.
  EXPECT_EQ(NanoOf("input=0.13 output=0", {.input = 100}), 13'000);
  EXPECT_EQ(NanoOf("input=0.13", {.input = 100}), 13'000);
}

TEST(Cost, IsUnknownWhenCountsContradictEachOther) {
  const std::string_view price = "input=2 output=8 cached=1 write=3";
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .cached = 11}), -1);
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .cached = 6, .cache_write = 6}), -1);
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .reasoning = 2}), -1);
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .cached = 2, .audio_cached = 3}), -1);
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .cache_write = 2, .cache_write_hour = 3}), -1);
  EXPECT_EQ(NanoOf(price, {.input = 10, .output = 1, .audio_input = 11}), -1);
}

constexpr std::string_view kTiered =
    "input=1.25 cached=0.125 output=10 input>200k=2.5 cached>200k=0.25 output>200k=15";

TEST(Cost, LongPromptsPriceTheWholeCall) {
  EXPECT_EQ(NanoOf(kTiered, {.input = 200'000, .output = 1}), 200'000 * 1'250 + 10'000);
  EXPECT_EQ(NanoOf(kTiered, {.input = 200'001, .output = 1}), 200'001LL * 2'500 + 15'000);
  // Cached tokens count towards the size.
  EXPECT_EQ(NanoOf(kTiered, {.input = 200'001, .output = 1, .cached = 200'000}),
            2'500 + 200'000 * 250 + 15'000);
  // Without the size nobody knows which price holds.
  EXPECT_EQ(NanoOf("second_in=1 second_in>200k=2", {.input_milliseconds = 1}), -1);
}

TEST(Cost, RangesPickOnePriceForTheWholeCall) {
  const std::string_view price =
      "input=1.2 output=6 input>32k=2.4 output>32k=12 input>128k=3 output>128k=15";
  EXPECT_EQ(NanoOf(price, {.input = 32'000, .output = 0}), 32'000 * 1'200);
  EXPECT_EQ(NanoOf(price, {.input = 32'001, .output = 0}), 32'001 * 2'400);
  EXPECT_EQ(NanoOf(price, {.input = 128'000, .output = 1}), 128'000 * 2'400 + 12'000);
  EXPECT_EQ(NanoOf(price, {.input = 128'001, .output = 1}), 128'001 * 3'000 + 15'000);
}

TEST(Cost, AUnitWithoutALongPriceKeepsItsShortOne) {
  EXPECT_EQ(NanoOf("input=1 cached=0.1 output=2 input>128k=3",
                   {.input = 130'000, .output = 10, .cached = 30'000}),
            100'000 * 3'000 + 30'000 * 100 + 10 * 2'000);
}

constexpr std::string_view kServed =
    "input=2.5 cached=0.25 output=15 input>272k=5 output>272k=22.5 input@batch=1.25 "
    "output@batch=7.5 input@flex=1.3 cached@flex=0.13 output@flex=7.6 input@priority=5 "
    "cached@priority=0.5 output@priority=30";

TEST(Cost, ServiceTiersHaveTheirOwnPrices) {
  const Usage usage{.input = 1000, .output = 100, .cached = 400};
  EXPECT_EQ(NanoOf(kServed, usage), 600 * 2'500 + 400 * 250 + 100 * 15'000);
  EXPECT_EQ(NanoOf(kServed, usage, ServiceTier::kBatch), 600 * 1'250 + 400 * 250 + 100 * 7'500);
  EXPECT_EQ(NanoOf(kServed, usage, ServiceTier::kFlex), 600 * 1'300 + 400 * 130 + 100 * 7'600);
  EXPECT_EQ(NanoOf(kServed, usage, ServiceTier::kPriority), 600 * 5'000 + 400 * 500 + 100 * 30'000);
}

TEST(Cost, CheaperTiersWithoutAPriceCostAtMostStandard) {
  const Usage usage{.input = 10, .output = 1};
  EXPECT_EQ(NanoOf("input=1 output=2", usage, ServiceTier::kBatch), 12'000);
  EXPECT_EQ(NanoOf("input=1 output=2", usage, ServiceTier::kFlex), 12'000);
  // A long prompt in flex: what standard takes is the most it can be.
  EXPECT_EQ(NanoOf(kServed, {.input = 300'000, .output = 0}, ServiceTier::kFlex),
            300'000LL * 5'000);
}

TEST(Cost, PriorityWithoutAPriceIsUnknown) {
  EXPECT_EQ(NanoOf("input=1 output=2", {.input = 10, .output = 1}, ServiceTier::kPriority), -1);
  EXPECT_EQ(NanoOf("input=1 output=2 input@priority=2", {.input = 10, .output = 1},
                   ServiceTier::kPriority),
            -1);
}

TEST(Cost, SurvivesTheLargestCounts) {
  const std::string_view dearest = "input=1000000000 output=1000000000";
  EXPECT_EQ(NanoOf(dearest, {.input = kMax, .output = kMax}), -1);
  EXPECT_EQ(NanoOf(dearest, {.input = 1'000'000'000'000'000, .output = 0}), -1);
  EXPECT_EQ(NanoOf("input=0.000001 output=0", {.input = 1'000'000'000'000'000, .output = 0}),
            1'000'000'000'000);
  EXPECT_EQ(NanoOf("input=1 output=1", {.input = kMax, .output = 1, .cached = kMax}), -1);
  EXPECT_EQ(NanoOf("second_in=1", {.input_milliseconds = kMax}), -1);
  EXPECT_EQ(
      NanoOf("input=1 output=1", {.input = 5, .output = 5, .cached = kMax, .cache_write = kMax}),
      -1);
  EXPECT_EQ(NanoOf("input=1 output=1",
                   {.input = 5, .output = 5, .reasoning = kMax, .audio_output = kMax}),
            -1);
}

TEST(Cost, MoreTokensNeverCostLess) {
  core::Random random(20261121);
  const Price price = MakePrice(kTiered);
  for (int i = 0; i < 20'000; ++i) {
    Usage usage{.input = static_cast<std::int64_t>(random.Next() % 400'000),
                .output = static_cast<std::int64_t>(random.Next() % 10'000)};
    usage.cached = static_cast<std::int64_t>(random.Draw() * static_cast<double>(usage.input));
    const auto before = Cost(price, usage);
    ASSERT_TRUE(before);
    Usage more = usage;
    more.input += static_cast<std::int64_t>(random.Next() % 1'000);
    more.output += static_cast<std::int64_t>(random.Next() % 1'000);
    ASSERT_GE(Cost(price, more), before) << usage.input << " " << usage.output;
    // What comes from the cache costs no more than what does not.
    more = usage;
    more.cached = 0;
    ASSERT_GE(Cost(price, more), before);
  }
}

TEST(Cost, IsTheSumOfItsPartsUpToRounding) {
  core::Random random(7);
  const Price price = MakePrice("input=0.0028 output=0.111111");
  for (int i = 0; i < 20'000; ++i) {
    const auto a = static_cast<std::int64_t>(random.Next() % 100'000);
    const auto b = static_cast<std::int64_t>(random.Next() % 100'000);
    const auto all = Cost(price, {.input = a, .output = b});
    const auto input = Cost(price, {.input = a, .output = 0});
    const auto output = Cost(price, {.input = 0, .output = b});
    ASSERT_TRUE(all && input && output);
    ASSERT_LE(std::abs(all->count - input->count - output->count), 1) << a << " " << b;
  }
}

}  // namespace
}  // namespace signalbox::catalog
