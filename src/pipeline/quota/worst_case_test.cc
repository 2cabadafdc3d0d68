#include "pipeline/quota/worst_case.h"

#include <gtest/gtest.h>

#include "base/core/random.h"

namespace signalbox::quota {
namespace {

using catalog::Rate;
using catalog::ServiceTier;
using catalog::Unit;

constexpr std::chrono::system_clock::time_point kWhen{std::chrono::days(20'000)};

// 2.5 and 10 dollars per million tokens.
catalog::Model Priced(std::vector<Rate> more = {}) {
  catalog::Model model;
  model.context = 128'000;
  model.max_output = 16'000;
  std::vector<Rate> rates = {{.unit = Unit::kInput, .price = 2'500'000},
                             {.unit = Unit::kOutput, .price = 10'000'000}};
  rates.insert(rates.end(), more.begin(), more.end());
  model.prices.emplace_back(std::nullopt, std::move(rates));
  return model;
}

request::WorstCase Worst(const catalog::Model& model, const CallSize& call) {
  return WorstCaseOf(call, BoundOf(&model, kWhen, call.priority));
}

TEST(WorstCase, IsOneTokenPerByteAndTheAnswerThatIsAskedFor) {
  const auto worst = Worst(Priced(), {.body_bytes = 1000, .most_output = 100});
  EXPECT_EQ(worst.input_tokens, 1000);
  EXPECT_EQ(worst.output_tokens, 100);
  EXPECT_EQ(worst.cost_nano_usd, 1000 * 2'500 + 100 * 10'000);
  EXPECT_EQ(worst.input_pico_usd, 2'500'000);
}

TEST(WorstCase, GuessesWhatIsLikelyForLimitsOnTokens) {
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 4000}).likely_tokens, 1000 + 1000);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 4000, .most_output = 70}).likely_tokens, 1000 + 70);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 4000, .media = 2, .most_output = 0}).likely_tokens,
            3000);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 40'000'000, .most_output = 0}).likely_tokens, 128'000);
}

TEST(WorstCase, IsTheModelsOwnLimitWhereTheCallSaysNothing) {
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 10}).output_tokens, 16'000);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 10, .most_output = 50'000}).output_tokens, 16'000);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 10, .most_output = 5, .answers = 4}).output_tokens, 20);
}

TEST(WorstCase, IsNeverMoreThanTheContextAndAllOfItWithMedia) {
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 5'000'000}).input_tokens, 128'000);
  EXPECT_EQ(Worst(Priced(), {.body_bytes = 10, .media = 1}).input_tokens, 128'000);
}

TEST(WorstCase, TakesTheDearestOfWhatMayBeBilled) {
  const auto model = Priced({{.unit = Unit::kCacheWriteHour, .price = 5'000'000},
                             {.unit = Unit::kAudioInput, .price = 40'000'000},
                             {.unit = Unit::kReasoning, .price = 12'000'000},
                             {.unit = Unit::kInput, .above = 200, .price = 3'000'000}});
  EXPECT_EQ(Worst(model, {.body_bytes = 1, .most_output = 0}).input_pico_usd, 3'000'000);
  EXPECT_EQ(Worst(model, {.body_bytes = 1, .most_output = 0, .cache_write = true}).input_pico_usd,
            5'000'000);
  EXPECT_EQ(Worst(model, {.body_bytes = 1, .media = 1, .most_output = 0}).input_pico_usd,
            40'000'000);
  EXPECT_EQ(Worst(model, {.body_bytes = 0, .most_output = 1}).cost_nano_usd, 12'000);
}

TEST(WorstCase, ACallThatGoesBeforeOthersMayBeBilledAsOne) {
  const auto model =
      Priced({{.unit = Unit::kInput, .tier = ServiceTier::kPriority, .price = 5'000'000},
              {.unit = Unit::kOutput, .tier = ServiceTier::kPriority, .price = 8'000'000}});
  const CallSize call{.body_bytes = 100, .most_output = 10, .priority = true};
  EXPECT_EQ(Worst(model, call).cost_nano_usd, 100 * 5'000 + 10 * 10'000);
  EXPECT_EQ(Worst(Priced(), call).cost_nano_usd, 100 * 2'500 + 10 * 10'000);
}

TEST(WorstCase, SearchesCostWhatTheyMayAndAnyNumberIsUnknown) {
  const auto model = Priced({{.unit = Unit::kSearch, .price = 10'000'000'000}});
  EXPECT_EQ(Worst(model, {.most_output = 0, .searches = 3}).cost_nano_usd, 30'000'000);
  EXPECT_EQ(Worst(model, {.most_output = 0, .searches = -1}).cost_nano_usd, -1);
  EXPECT_EQ(Worst(Priced(), {.most_output = 0, .searches = 1}).cost_nano_usd, -1);
}

TEST(WorstCase, AnUnknownModelHasTokensAndNoPrice) {
  const auto worst = WorstCaseOf({.body_bytes = 700, .most_output = 9}, BoundOf(nullptr, kWhen));
  EXPECT_EQ(worst.input_tokens, 700);
  EXPECT_EQ(worst.output_tokens, 9);
  EXPECT_EQ(worst.cost_nano_usd, -1);
}

TEST(WorstCase, PicturesAndSpeechArePricedByTheirUnits) {
  catalog::Model model;
  model.prices.emplace_back(std::nullopt,
                            std::vector<Rate>{{.unit = Unit::kImage, .price = 40'000'000'000}});
  EXPECT_EQ(Worst(model, {.body_bytes = 100, .answers = 3, .images = 3}).cost_nano_usd,
            120'000'000);
  model.prices[0] = {std::nullopt,
                     std::vector<Rate>{{.unit = Unit::kCharacter, .price = 15'000'000}}};
  EXPECT_EQ(Worst(model, {.body_bytes = 100}).cost_nano_usd, 1'500'000);
  model.prices[0] = {std::nullopt,
                     std::vector<Rate>{{.unit = Unit::kInputSecond, .price = 100'000'000}}};
  EXPECT_EQ(Worst(model, {.body_bytes = 100}).cost_nano_usd, -1) << "nobody knows how long it is";
}

TEST(WorstCase, FreeIsKnown) {
  const catalog::Model free = [] {
    catalog::Model model;
    model.prices.emplace_back(std::nullopt, std::vector<Rate>{{.unit = Unit::kInput, .price = 0},
                                                              {.unit = Unit::kOutput, .price = 0}});
    return model;
  }();
  EXPECT_EQ(Worst(free, {.body_bytes = 100}).cost_nano_usd, 0);
}

// Whatever a call within its bound is billed, it is not more.
TEST(WorstCase, CoversEveryBillOfACallWithinIt) {
  using enum ServiceTier;
  const auto model = Priced({{.unit = Unit::kCached, .price = 1'250'000},
                             {.unit = Unit::kCacheWrite, .price = 3'125'000},
                             {.unit = Unit::kReasoning, .price = 11'000'000},
                             {.unit = Unit::kInput, .above = 1000, .price = 4'000'000},
                             {.unit = Unit::kOutput, .above = 1000, .price = 9'000'000},
                             {.unit = Unit::kInput, .tier = kPriority, .price = 5'000'000},
                             {.unit = Unit::kOutput, .tier = kPriority, .price = 20'000'000}});
  core::Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto pick = [&](std::int64_t most) {
      return static_cast<std::int64_t>(random.Next() % static_cast<std::uint64_t>(most + 1));
    };
    const CallSize call{.body_bytes = static_cast<std::uint64_t>(pick(4000)),
                        .most_output = pick(2000),
                        .cache_write = true,
                        .priority = random.Next() % 2 == 0};
    chat::Usage usage{.input = pick(static_cast<std::int64_t>(call.body_bytes)),
                      .output = pick(call.most_output)};
    usage.cached = pick(usage.input);
    usage.cache_write = pick(usage.input - usage.cached);
    usage.reasoning = pick(usage.output);
    const auto cost = model.CostOf(usage, kWhen, call.priority ? kPriority : kStandard);
    ASSERT_TRUE(cost);
    ASSERT_LE(cost->count, Worst(model, call).cost_nano_usd);
  }
}

}  // namespace
}  // namespace signalbox::quota
