#include "vendors/catalog/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/load.h"

namespace signalbox::catalog {
namespace {

using testing::ElementsAre;

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 11 / 21;

struct Root {
  ConfiguredModels catalog;
};

const config::Table<Root>& RootTable() {
  static const auto table = config::Table<Root>("root", "A root.")
                                .Map("catalog", &Root::catalog, ModelTable(), {.doc = "Models."});
  return table;
}

ConfiguredRows RowsOf(std::string yaml) {
  const auto loaded = config::LoadText(RootTable(), config::TextInput{"test.yaml", std::move(yaml)},
                                       config::Environment(config::Environment::Variables{}));
  EXPECT_TRUE(loaded.ok()) << config::Text(loaded.problems);
  return MakeRows(loaded.value.catalog, *Catalog::BuiltIn());
}

std::shared_ptr<const Catalog> CatalogOf(std::string yaml) {
  const auto rows = RowsOf(std::move(yaml));
  EXPECT_TRUE(rows.problems.empty()) << rows.problems[0].param << rows.problems[0].message;
  auto catalog = Catalog::BuiltIn()->With(rows.text);
  EXPECT_TRUE(catalog) << catalog.error().message;
  return *catalog;
}

TEST(ConfiguredModels, AddARow) {
  const auto catalog = CatalogOf(R"(
catalog:
  edge/llama-5:
    aliases: [scout]
    mode: chat
    context: 131072
    max_output: 8192
    abilities: [tools, vision]
    local: true
    region: eu-west
    speed: high
    quality: medium
    ends: 2028-01-01
    prices:
      "2026-10-01": {input: 2.50, output: 10, cached: 0.25, more: ["input>200k=5", "output@batch=4"]}
      "2026-12-01": {input: 2, output: 8}
)");
  const Model* model = catalog->Find("edge", "scout");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->id, "llama-5");
  EXPECT_EQ(model->context, 131'072U);
  EXPECT_TRUE(model->Can(Ability::kVision));
  EXPECT_EQ(model->privacy, Privacy::kLocal);
  EXPECT_EQ(model->region, "eu-west");
  EXPECT_EQ(model->speed, Class::kHigh);
  ASSERT_EQ(model->prices.size(), 2U);
  const Price* price = model->PriceAt(kToday);
  EXPECT_EQ(price->Stated(Unit::kInput), 2'500'000);
  EXPECT_EQ(price->Stated(Unit::kInput, ServiceTier::kStandard, 200'000), 5'000'000);
  EXPECT_EQ(price->Stated(Unit::kOutput, ServiceTier::kBatch), 4'000'000);
}

TEST(ConfiguredModels, KeepWhatTheyDoNotState) {
  const auto catalog = CatalogOf("catalog:\n  openai/gpt-4o: {context: 64000}\n");
  const Model* model = catalog->Find("openai", "gpt-4o");
  EXPECT_EQ(model->context, 64'000U);
  EXPECT_EQ(model->max_output, 16'384U);
  EXPECT_EQ(model->dialect, "openai_chat");
  EXPECT_EQ(model->privacy, Privacy::kCloud);
  EXPECT_EQ(model->PriceAt(kToday)->Stated(Unit::kInput), 2'500'000);
}

TEST(ConfiguredModels, StateWhatTheyCanAndCannot) {
  const auto catalog = CatalogOf(R"(
catalog:
  edge/tuned: {like: openai/gpt-5, efforts: [low, high], lacks: [vision]}
  edge/thinker: {abilities: [reasoning, budget], least_budget: 100, most_budget: 9000}
  openai/gpt-4o: {abilities: [tools]}
  openai/gpt-next: {}
)");
  const Capabilities& tuned = catalog->Find("edge", "tuned")->capabilities;
  EXPECT_TRUE(tuned.Lacks(Ability::kVision));
  EXPECT_TRUE(tuned.Can(Ability::kCompletionBound));
  EXPECT_EQ(EffortList(tuned.efforts), "low,high");
  const Capabilities& thinker = catalog->Find("edge", "thinker")->capabilities;
  EXPECT_TRUE(thinker.Can(Ability::kBudget));
  EXPECT_EQ(thinker.least_budget, 100U);
  EXPECT_EQ(thinker.most_budget, 9'000U);
  const Capabilities& listed = catalog->Find("openai", "gpt-4o")->capabilities;
  EXPECT_TRUE(listed.Can(Ability::kTools));
  EXPECT_TRUE(listed.Lacks(Ability::kVision)) << "the list is all that it can do";
  EXPECT_TRUE(listed.Can(Ability::kSampling)) << "but how it may be asked stays known";
  EXPECT_TRUE(catalog->Find("openai", "gpt-next")->capabilities.empty());
}

TEST(ConfiguredModels, MistakesInWhatTheyCanAreNamed) {
  const auto rows =
      RowsOf("catalog:\n  a/b: {lacks: [fly], efforts: [some], least_budget: 9, most_budget: 3}\n");
  std::vector<std::string> keys;
  for (const core::Error& problem : rows.problems) {
    keys.push_back(problem.param);
  }
  EXPECT_THAT(keys, ElementsAre("a/b.lacks", "a/b.efforts", "a/b.most_budget"));
}

TEST(ConfiguredModels, MayHaveDotsAndColonsInTheirNames) {
  const auto catalog = CatalogOf(
      "catalog:\n  'openai/gpt-5.4': {context: 1000}\n  'ollama/llama3.1:405b': {context: 2000}\n");
  EXPECT_EQ(catalog->Find("openai", "gpt-5.4")->context, 1'000U);
  EXPECT_EQ(catalog->Find("ollama", "llama3.1:405b")->context, 2'000U);
}

TEST(ConfiguredModels, TheirPricesReplaceAllThatShip) {
  const auto catalog =
      CatalogOf("catalog:\n  openai/gpt-4o: {prices: {\"2026-01-01\": {input: 1, output: 2}}}\n");
  const Model* model = catalog->Find("openai", "gpt-4o");
  ASSERT_EQ(model->prices.size(), 1U);
  EXPECT_EQ(model->PriceAt(kToday)->Stated(Unit::kInput), 1'000'000);
  EXPECT_EQ(model->PriceAt(kToday)->Stated(Unit::kCached), kUnknownPrice);
}

TEST(ConfiguredModels, ADeploymentIsLikeItsModel) {
  const auto catalog = CatalogOf("catalog:\n  azure/our-best: {like: azure/gpt-4o}\n");
  EXPECT_EQ(catalog->Find("azure", "our-best")->PriceAt(kToday)->Stated(Unit::kInput), 2'500'000);
}

TEST(ConfiguredModels, UnknownIsUnknown) {
  const auto catalog = CatalogOf(
      "catalog:\n  openai/gpt-4o: {prices: {always: {input: unknown, output: unknown}}}\n");
  EXPECT_EQ(catalog->Find("openai", "gpt-4o")->PriceAt(kToday), nullptr);
}

TEST(ConfiguredModels, NameEveryMistakeWithItsKey) {
  const auto rows = RowsOf(R"(
catalog:
  gpt-4o: {}
  a/b:
    like: a/nothing
    aliases: ["two words"]
    abilities: [fly]
    ends: soon
    region: "a b"
    prices:
      yesterday: {input: 1}
      "2026-01-01": {input: cheap, output: -1, more: [input]}
)");
  std::vector<std::string> keys;
  for (const core::Error& problem : rows.problems) {
    keys.push_back(problem.param);
    EXPECT_FALSE(problem.message.empty());
  }
  EXPECT_THAT(keys,
              ElementsAre("a/b.like", "a/b.region", "a/b.aliases", "a/b.ends", "a/b.abilities",
                          "a/b.prices.2026-01-01.input", "a/b.prices.2026-01-01.output",
                          "a/b.prices.2026-01-01.more", "a/b.prices.yesterday", "gpt-4o"));
  EXPECT_EQ(rows.text, "");
}

}  // namespace
}  // namespace signalbox::catalog
