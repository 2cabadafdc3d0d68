#include "app/price_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::app {
namespace {

using catalog::Unit;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kRows =
    "provider openai dialect=openai_chat privacy=cloud\n"
    "gpt-a chat context=1000 from=2026-01-01 input=2 output=8\n"
    "gpt-b chat context=1000 from=2026-01-01 input=1 output=4\n";
constexpr std::chrono::sys_days kDay =
    std::chrono::sys_days(std::chrono::days(20'700));  // 2026-09-04

std::shared_ptr<const catalog::Catalog> Base() {
  return *catalog::Catalog::BuiltIn()->With(std::string(kRows));
}

catalog::PriceMap List(std::string_view entries) {
  return *catalog::ReadPriceMap("{" + std::string(entries) + "}", kDay);
}

constexpr std::string_view kA =
    R"("gpt-a":{"litellm_provider":"openai","mode":"chat","max_input_tokens":1000,)"
    R"("input_cost_per_token":2e-6,"output_cost_per_token":8e-6})";
constexpr std::string_view kB =
    R"("gpt-b":{"litellm_provider":"openai","mode":"chat","max_input_tokens":2000,)"
    R"("input_cost_per_token":5e-7,"output_cost_per_token":4e-6})";
constexpr std::string_view kNew =
    R"("gpt-zz-2031-01-01":{"litellm_provider":"openai","mode":"chat",)"
    R"("input_cost_per_token":3e-6,"output_cost_per_token":9e-6})";

TEST(PriceMerge, TellsNewChangedAndSame) {
  const auto base = Base();
  const auto merge =
      MergePrices(*base, nullptr,
                  List(std::string(kA) + "," + std::string(kB) + "," + std::string(kNew)), kDay);
  EXPECT_EQ(merge.same, 1U);
  EXPECT_THAT(merge.added, ElementsAre("openai/gpt-zz-2031-01-01"));
  ASSERT_EQ(merge.changed.size(), 1U);
  EXPECT_EQ(merge.changed[0].name, "openai/gpt-b");
  EXPECT_EQ(merge.changed[0].what, "input 1 -> 0.5, context 1000 -> 2000");
}

TEST(PriceMerge, KeepsThePriceOfCallsBeforeTheDay) {
  const auto base = Base();
  const auto merge = MergePrices(*base, nullptr, List(kB), kDay);
  const auto with = base->With(merge.rows);
  ASSERT_TRUE(with) << with.error().message;
  const catalog::Model* model = (*with)->Find("openai", "gpt-b");
  EXPECT_EQ(model->PriceAt(kDay - std::chrono::days(1))->Stated(Unit::kInput), 1'000'000);
  EXPECT_EQ(model->PriceAt(kDay)->Stated(Unit::kInput), 500'000);
}

TEST(PriceMerge, WritesNoRowForWhatStaysTheSame) {
  const auto merge = MergePrices(*Base(), nullptr, List(kA), kDay);
  EXPECT_EQ(merge.same, 1U);
  EXPECT_EQ(merge.rows, "");
}

TEST(PriceMerge, APriceThatTheListDoesNotKnowStays) {
  const auto base = Base();
  const auto merge = MergePrices(
      *base, nullptr,
      List(R"("gpt-a":{"litellm_provider":"openai","mode":"chat","max_output_tokens":77})"), kDay);
  const auto with = base->With(merge.rows);
  ASSERT_TRUE(with);
  const catalog::Model* model = (*with)->Find("openai", "gpt-a");
  EXPECT_EQ(model->max_output, 77U);
  EXPECT_EQ(model->context, 1000U);
  EXPECT_EQ(model->PriceAt(kDay)->Stated(Unit::kInput), 2'000'000);
}

TEST(PriceMerge, ASecondRefreshKeepsWhatTheFirstWrote) {
  const auto base = Base();
  const auto first = MergePrices(*base, nullptr, List(kB), kDay);
  const auto with = *base->With(first.rows);
  const auto sheet = *catalog::Sheet::Open(first.rows);
  const auto again = MergePrices(*with, sheet.get(), List(kB), kDay + std::chrono::days(1));
  EXPECT_EQ(again.same, 1U);
  EXPECT_TRUE(again.changed.empty());
  EXPECT_EQ(again.rows, first.rows);
  const auto other = MergePrices(*with, sheet.get(), List(kNew), kDay + std::chrono::days(1));
  EXPECT_THAT(other.rows, HasSubstr("gpt-b"));
  EXPECT_THAT(other.rows, HasSubstr("gpt-zz-2031-01-01"));
  const auto third = *with->With(other.rows);
  const auto third_sheet = *catalog::Sheet::Open(other.rows);
  EXPECT_EQ(MergePrices(*third, third_sheet.get(), List(kA), kDay).rows, other.rows);
}

TEST(PriceMerge, SaysWhatAModelNowCanAndCannot) {
  const auto base = Base();
  const auto merge = MergePrices(
      *base, nullptr,
      List(R"("gpt-a":{"litellm_provider":"openai","mode":"chat","supports_vision":true,)"
           R"("supports_response_schema":false})"),
      kDay);
  ASSERT_EQ(merge.changed.size(), 1U);
  EXPECT_EQ(merge.changed[0].what, "now can vision, now cannot json");
  const auto with = *base->With(merge.rows);
  EXPECT_TRUE(with->Find("openai", "gpt-a")->Can(catalog::Ability::kVision));
  EXPECT_TRUE(with->Find("openai", "gpt-a")->capabilities.Lacks(catalog::Ability::kJsonSchema));
}

TEST(PriceMerge, WhatTheListIsSilentOnStays) {
  const auto base = *Base()->With("provider openai\ngpt-a chat can=tools cannot=vision\n");
  const auto merge = MergePrices(
      *base, nullptr,
      List(R"("gpt-a":{"litellm_provider":"openai","mode":"chat","supports_reasoning":true})"),
      kDay);
  const auto with = *base->With(merge.rows);
  const catalog::Capabilities& now = with->Find("openai", "gpt-a")->capabilities;
  EXPECT_TRUE(now.Can(catalog::Ability::kTools));
  EXPECT_TRUE(now.Can(catalog::Ability::kReasoning));
  EXPECT_TRUE(now.Lacks(catalog::Ability::kVision));
}

TEST(PriceMerge, RowsKeepTheirDaysTheirNamesAndWhereTheyRun) {
  const auto base = Base();
  const auto list = *catalog::ReadPriceRows(
      "provider openai dialect=openai_chat privacy=cloud\n"
      "gpt-b chat context=1000 from=2026-10-01 input=3 output=6\n"
      "provider edge dialect=openai_chat privacy=cloud\n"
      "x chat can=tools cannot=vision from=2026-01-01 input=1 from=2026-05-01 input=2\n"
      "ex = x\n"
      "y chat privacy=local dialect=ollama input=0\n");
  const auto merge = MergePrices(*base, nullptr, list, kDay);
  EXPECT_THAT(merge.added, ElementsAre("edge/x", "edge/y"));
  ASSERT_EQ(merge.changed.size(), 1U);
  EXPECT_EQ(merge.changed[0].what, "input 1 -> 3, output 4 -> 6");
  const auto with = *base->With(merge.rows);
  EXPECT_EQ(with->Find("openai", "gpt-b")->prices.back().from(), catalog::ReadDay("2026-10-01"));
  EXPECT_EQ(with->Find("edge", "ex")->prices.size(), 2U);
  EXPECT_TRUE(with->Find("edge", "x")->capabilities.Lacks(catalog::Ability::kVision));
  EXPECT_EQ(with->Find("edge", "y")->privacy, catalog::Privacy::kLocal);
  EXPECT_EQ(with->Find("edge", "y")->dialect, "ollama");
  const auto sheet = *catalog::Sheet::Open(merge.rows);
  const auto again = MergePrices(*with, sheet.get(), list, kDay);
  EXPECT_TRUE(again.added.empty());
  EXPECT_TRUE(again.changed.empty());
  const auto later = MergePrices(*with, sheet.get(), List(kNew), kDay);
  EXPECT_THAT(later.rows, HasSubstr("ex = x\n"));
}

TEST(PriceMerge, ANewNameForAKnownModelIsAChange) {
  const auto base = Base();
  const auto list = *catalog::ReadPriceRows(
      "provider openai\ngpt-a chat context=1000 from=2026-01-01 input=2 output=8\nfirst = gpt-a\n");
  const auto merge = MergePrices(*base, nullptr, list, kDay);
  ASSERT_EQ(merge.changed.size(), 1U);
  EXPECT_EQ((*base->With(merge.rows))->Find("openai", "first")->id, "gpt-a");
}

TEST(PriceMerge, TheSameDayTwiceKeepsOnePriceOfThatDay) {
  const auto base = Base();
  const auto first = MergePrices(*base, nullptr, List(kB), kDay);
  const auto with = *base->With(first.rows);
  const auto sheet = *catalog::Sheet::Open(first.rows);
  std::string cheaper(kB);
  cheaper.replace(cheaper.find("5e-7"), 4, "4e-7");
  const auto second = MergePrices(*with, sheet.get(), List(cheaper), kDay);
  const auto now = *base->With(second.rows);
  const catalog::Model* model = now->Find("openai", "gpt-b");
  EXPECT_EQ(model->prices.size(), 2U);
  EXPECT_EQ(model->PriceAt(kDay)->Stated(Unit::kInput), 400'000);
}

TEST(PriceMerge, NamesANewModelWithoutItsDateAndTakesNoNameThatIsThere) {
  const auto base = Base();
  const auto merge = MergePrices(
      *base, nullptr,
      List(std::string(kNew) + R"(,"gpt-a-2031-01-01":{"litellm_provider":"openai","mode":"chat",)"
                               R"("input_cost_per_token":7e-6,"output_cost_per_token":9e-6})"),
      kDay);
  EXPECT_THAT(merge.rows, HasSubstr("gpt-zz = gpt-zz-2031-01-01\n"));
  const auto with = *base->With(merge.rows);
  EXPECT_EQ(with->Find("openai", "gpt-zz")->id, "gpt-zz-2031-01-01");
  EXPECT_EQ(with->Find("openai", "gpt-a")->PriceAt(kDay)->Stated(Unit::kInput), 2'000'000);
}

}  // namespace
}  // namespace signalbox::app
