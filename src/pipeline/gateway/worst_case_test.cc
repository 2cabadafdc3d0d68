#include "pipeline/gateway/worst_case.h"

#include <gtest/gtest.h>

#include "vendors/catalog/model.h"

namespace signalbox::gateway {
namespace {

using catalog::Rate;
using catalog::Unit;
using chat::Operation;

constexpr core::WallTime kNow{std::chrono::seconds(1'795'000'000)};

catalog::Model Priced(std::vector<Rate> rates) {
  catalog::Model model;
  model.context = 1000;
  model.max_output = 200;
  model.prices.emplace_back(std::nullopt, std::move(rates));
  return model;
}

request::WorstCase Of(const catalog::Model& model, const Demand& demand,
                      Operation operation = Operation::kChat) {
  execution::Target target;
  target.known = &model;
  target.context = model.context;
  return WorstCaseOf(demand, operation, target, kNow);
}

const catalog::Model kModel = Priced({{.unit = Unit::kInput, .price = 3'000},
                                      {.unit = Unit::kCacheWrite, .price = 4'000},
                                      {.unit = Unit::kOutput, .price = 10'000}});

TEST(WorstCase, AByteIsATokenAndTheAnswerIsAsLongAsItMayBe) {
  const request::WorstCase most = Of(kModel, {.body_bytes = 100});
  EXPECT_EQ(most.input_tokens, 100);
  EXPECT_EQ(most.output_tokens, 200);
  EXPECT_EQ(most.cost_nano_usd, 100 * 3 + 200 * 10);
  EXPECT_EQ(most.input_pico_usd, 3'000);
}

TEST(WorstCase, WhatIsAskedForCountsAndSoDoesHowOften) {
  const request::WorstCase most = Of(kModel, {.body_bytes = 10, .output_tokens = 7, .answers = 3});
  EXPECT_EQ(most.output_tokens, 21);
  EXPECT_EQ(most.cost_nano_usd, 10 * 3 + 21 * 10);
}

TEST(WorstCase, AContextBoundsThePromptWhateverIsInIt) {
  EXPECT_EQ(Of(kModel, {.body_bytes = 5'000'000}).input_tokens, 1000);
  EXPECT_EQ(Of(kModel, {.body_bytes = 10, .media = 2}).input_tokens, 1000);
}

TEST(WorstCase, TheDearestKindOfTokenCounts) {
  EXPECT_EQ(Of(kModel, {.body_bytes = 10, .output_tokens = 0, .caches = true}).cost_nano_usd, 40);
  const catalog::Model thinks = Priced({{.unit = Unit::kInput, .price = 1'000},
                                        {.unit = Unit::kOutput, .price = 2'000},
                                        {.unit = Unit::kReasoning, .price = 5'000}});
  EXPECT_EQ(Of(thinks, {.body_bytes = 0, .output_tokens = 4}).cost_nano_usd, 20);
}

TEST(WorstCase, FractionsOfANanoDollarAreRoundedUp) {
  const catalog::Model cheap =
      Priced({{.unit = Unit::kInput, .price = 1}, {.unit = Unit::kOutput, .price = 0}});
  EXPECT_EQ(Of(cheap, {.body_bytes = 1, .output_tokens = 1}).cost_nano_usd, 1);
}

TEST(WorstCase, WithoutAPriceTheCostIsNotKnown) {
  EXPECT_EQ(Of(Priced({}), {.body_bytes = 10}).cost_nano_usd, -1);
  EXPECT_EQ(Of(Priced({{.unit = Unit::kInput, .price = 1}}), {.body_bytes = 10}).cost_nano_usd, -1);
  EXPECT_EQ(WorstCaseOf({.body_bytes = 10}, Operation::kChat, {}, kNow).cost_nano_usd, -1);
}

TEST(WorstCase, OtherOperationsHaveOtherUnits) {
  const catalog::Model vectors = Priced({{.unit = Unit::kInput, .price = 1'000}});
  EXPECT_EQ(Of(vectors, {.body_bytes = 10}, Operation::kEmbeddings).cost_nano_usd, 10);
  const catalog::Model pictures = Priced({{.unit = Unit::kImage, .price = 40'000}});
  EXPECT_EQ(Of(pictures, {.answers = 2}, Operation::kImages).cost_nano_usd, 80);
  const catalog::Model speech = Priced({{.unit = Unit::kCharacter, .price = 15'000}});
  EXPECT_EQ(Of(speech, {.characters = 4}, Operation::kSpeech).cost_nano_usd, 60);
  const catalog::Model hearing = Priced({{.unit = Unit::kInputSecond, .price = 100'000}});
  EXPECT_EQ(Of(hearing, {.body_bytes = 9'500}, Operation::kTranscriptions).cost_nano_usd, 1000);
}

TEST(WorstCase, AHugePriceStopsAtTheLargestAmount) {
  catalog::Model dear = Priced({{.unit = Unit::kInput, .price = catalog::kHighestPrice},
                                {.unit = Unit::kOutput, .price = catalog::kHighestPrice}});
  dear.context = 0;
  EXPECT_GT(Of(dear, {.body_bytes = 1U << 30U}).cost_nano_usd, 9'000'000'000'000'000);
}

}  // namespace
}  // namespace signalbox::gateway
