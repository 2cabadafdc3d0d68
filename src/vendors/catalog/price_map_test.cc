#include "vendors/catalog/price_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json/document.h"
#include "vendors/catalog/catalog.h"
#include "vendors/catalog/families.h"
#include "vendors/catalog/price_fields.h"
#include "vendors/catalog/rate.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

constexpr std::chrono::sys_days kDay = std::chrono::year(2026) / 8 / 1;

std::string RateOf(std::string_view name) {
  const auto rate = ReadPriceName(name);
  return rate ? RateText(*rate) : "";
}

std::string RowsOf(std::string_view json) {
  const auto map = ReadPriceMap(json, kDay);
  EXPECT_TRUE(map) << map.error().message;
  return map ? RowsText(map->models) : "";
}

TEST(PriceNames, AreRates) {
  EXPECT_EQ(RateOf("input_cost_per_token"), "input=0");
  EXPECT_EQ(RateOf("cache_read_input_token_cost_above_200k_tokens_priority"),
            "cached>200k@priority=0");
  EXPECT_EQ(RateOf("cache_creation_input_token_cost_above_1hr_above_200k_tokens"),
            "write_hour>200k=0");
  EXPECT_EQ(RateOf("output_cost_per_token_batches"), "output@batch=0");
  EXPECT_EQ(RateOf("output_cost_per_token_above_272k_tokens_flex"), "output>272k@flex=0");
  EXPECT_EQ(RateOf("max_input_tokens"), "");
  EXPECT_EQ(RateOf("input_cost_per_token_above_manyk_tokens"), "");
  EXPECT_EQ(RateOf("input_cost_per_pixel"), "");
}

TEST(PriceMap, MakesRowsOfEntries) {
  EXPECT_EQ(RowsOf(R"({
    "sample_spec": {"litellm_provider": "one of many", "input_cost_per_token": 0.0},
    "rules": [1],
    "gpt-x-2026-01-02": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 1000,
      "max_output_tokens": 100, "input_cost_per_token": 2.5e-06, "output_cost_per_token": 0.00001,
      "cache_read_input_token_cost": 1.25e-06, "supports_vision": true, "supports_reasoning": false,
      "deprecation_date": "2027-01-01", "input_cost_per_token_above_200k_tokens": 5e-06},
    "groq/fast": {"litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 5e-08,
      "output_cost_per_token": 8e-08},
    "elsewhere/x": {"litellm_provider": "elsewhere", "input_cost_per_token": 1e-06}
  })"),
            "provider groq dialect=openai_chat privacy=cloud\n"
            "fast chat from=2026-08-01 input=0.05 output=0.08\n"
            "\n"
            "provider openai dialect=openai_chat privacy=cloud\n"
            "gpt-x-2026-01-02 chat context=1000 max_output=100 can=vision cannot=reasoning "
            "ends=2027-01-01 "
            "from=2026-08-01 input=2.5 cached=1.25 output=10 input>200k=5\n"
            "gpt-x = gpt-x-2026-01-02\n");
}

TEST(PriceMap, ZeroIsUnknownUnlessTheNameSaysFree) {
  EXPECT_EQ(RowsOf(R"({
    "openrouter/a:free": {"litellm_provider": "openrouter", "mode": "chat",
      "input_cost_per_token": 0, "output_cost_per_token": 0.0},
    "openrouter/b": {"litellm_provider": "openrouter", "mode": "chat",
      "input_cost_per_token": 0, "output_cost_per_token": 0},
    "openrouter/c": {"litellm_provider": "openrouter", "mode": "embedding",
      "input_cost_per_token": 1e-07, "output_cost_per_token": 0}
  })"),
            "provider openrouter dialect=openai_chat privacy=cloud\n"
            "a:free chat from=2026-08-01 input=0 output=0\n"
            "b chat\n"
            "c embedding from=2026-08-01 input=0.1 output=0\n");
}

TEST(PriceMap, ZeroBesideRealPricesIsNoPrice) {
  EXPECT_EQ(RowsOf(R"({"deepseek/d": {"litellm_provider": "deepseek", "mode": "chat",
    "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06,
    "cache_creation_input_token_cost": 0.0, "cache_read_input_token_cost": 0}})"),
            "provider deepseek dialect=openai_chat privacy=cloud\n"
            "d chat from=2026-08-01 input=1 output=2\n");
}

TEST(PriceMap, RangesBecomePricesBySize) {
  EXPECT_EQ(RowsOf(R"({"dashscope/q": {"litellm_provider": "dashscope", "mode": "chat",
    "tiered_pricing": [
      {"range": [0, 32000.0], "input_cost_per_token": 1.2e-06, "output_cost_per_token": 6e-06},
      {"range": [32000.0, 128000.0], "input_cost_per_token": 2.4e-06,
       "output_cost_per_token": 1.2e-05}]}})"),
            "provider alibaba dialect=openai_chat privacy=cloud\n"
            "q chat from=2026-08-01 input=1.2 output=6 input>32k=2.4 output>32k=12\n");
}

TEST(PriceMap, FlagsBecomeWhatAModelCanAndCannot) {
  EXPECT_EQ(RowsOf(R"({
    "gpt-5-x": {"litellm_provider": "openai", "mode": "chat", "supports_vision": false,
      "supports_reasoning": true, "supports_none_reasoning_effort": true,
      "supports_minimal_reasoning_effort": false},
    "claude-3-haiku-x": {"litellm_provider": "anthropic", "mode": "chat",
      "supports_response_schema": true, "supports_function_calling": true},
    "groq/y": {"litellm_provider": "groq", "mode": "chat", "supports_response_schema": false,
      "supports_function_calling": "yes", "supports_reasoning": true,
      "supports_xhigh_reasoning_effort": true},
    "groq/z": {"litellm_provider": "groq", "mode": "chat", "supports_reasoning": false,
      "supports_xhigh_reasoning_effort": true}
  })"),
            "provider anthropic dialect=anthropic privacy=cloud\n"
            "claude-3-haiku-x chat can=tools\n"  // a list calls able what it makes possible
            "\n"
            "provider groq dialect=openai_chat privacy=cloud\n"
            "y chat can=reasoning cannot=json efforts=low,medium,high,xhigh\n"
            "z chat cannot=reasoning\n"
            "\n"
            "provider openai dialect=openai_chat privacy=cloud\n"
            "gpt-5-x chat can=reasoning cannot=vision efforts=none,low,medium,high\n");
}

TEST(PriceRows, KeepDaysAndOtherNames) {
  const auto map = ReadPriceRows(
      "provider edge dialect=openai_chat\n"
      "a chat can=tools from=2026-01-01 input=1 from=2026-02-01 input=2\nalso = a\nb chat\n");
  ASSERT_TRUE(map) << map.error().message;
  ASSERT_EQ(map->models.size(), 2U);
  EXPECT_EQ(map->models[0].prices.size(), 2U);
  EXPECT_EQ(map->unpriced, 1U);
  ASSERT_EQ(map->aliases.size(), 1U);
  EXPECT_EQ(map->aliases[0].name, "also");
  EXPECT_EQ(map->aliases[0].id, "a");
  EXPECT_FALSE(ReadPriceRows("<html></html>"));
}

TEST(PriceMap, RefusesWhatIsNoListOfModels) {
  for (const char* text : {"", "[]", "3", "{", R"({"a": )", "provider openai\n"}) {
    EXPECT_FALSE(ReadPriceMap(text, kDay)) << text;
  }
  EXPECT_TRUE(ReadPriceMap("{}", kDay)->models.empty());
}

TEST(PriceMap, LeavesOutWhatWouldBreakARow) {
  EXPECT_EQ(RowsOf(R"({
    "two words": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
    "a\nb": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
    "": {"litellm_provider": "openai"},
    "provider": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06},
    "x\r\ny = z": {"litellm_provider": "openai", "mode": "chat"},
    "hd/1024-x-1024/dall-e-3": {"litellm_provider": "openai", "mode": "image_generation"}
  })"),
            "");
}

// What ships states the same input price as the list it was made from, in integers.
TEST(PriceMap, TheShippedRowsAreThoseOfTheList) {
  const auto path =
      std::filesystem::path(SB_SOURCE_DIR) / ".." / "shared" / "data" / "model_prices.json";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "skipped: ../shared/data/model_prices.json is not here";
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto map = ReadPriceMap(text.view(), kDay);
  ASSERT_TRUE(map) << map.error().message;
  EXPECT_GT(map->models.size(), 1'000U);
  for (const Model& model : map->models) {
    const Model* shipped = Catalog::BuiltIn()->Find(model.provider, model.id);
    ASSERT_NE(shipped, nullptr) << model.provider << "/" << model.id;
    if (shipped->id == model.id) {
      Model filled = model;
      filled.capabilities.FillFrom(FamilyOf(model.id));
      EXPECT_EQ(RowText(*shipped), RowText(filled));
    }
  }
}

}  // namespace
}  // namespace signalbox::catalog
