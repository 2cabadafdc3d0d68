#include "vendors/catalog/row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::catalog {
namespace {

using namespace std::chrono;
using testing::HasSubstr;

constexpr std::string_view kRow =
    "gpt-5.4 chat context=1050000 max_output=128000 can=tools,vision,json region=eu speed=low "
    "quality=high ends=2027-01-31 from=2026-03-05 input=2.5 output=15 from=2026-08-01 input=2 "
    "input>272k=5 cached@priority=0.5 image=0.04";

Model Read(std::string_view line) {
  Model model;
  const auto read = ReadRow(line, model);
  EXPECT_TRUE(read) << line << ": " << (read ? "" : read.error().message);
  return model;
}

TEST(Row, ReadsEveryWord) {
  const Model model = Read(kRow);
  EXPECT_EQ(model.id, "gpt-5.4");
  EXPECT_EQ(model.context, 1'050'000U);
  EXPECT_EQ(model.max_output, 128'000U);
  EXPECT_TRUE(model.Can(Ability::kTools) && model.Can(Ability::kJsonSchema));
  EXPECT_FALSE(model.Can(Ability::kReasoning));
  EXPECT_EQ(model.ends, sys_days(2027y / 1 / 31));
  ASSERT_EQ(model.prices.size(), 2U);
  EXPECT_EQ(model.prices[1].Stated(Unit::kInput), 2'000'000);
  EXPECT_EQ(model.prices[1].Stated(Unit::kInput, ServiceTier::kStandard, 272'000), 5'000'000);
  EXPECT_EQ(model.prices[1].Stated(Unit::kCached, ServiceTier::kPriority), 500'000);
  EXPECT_EQ(model.prices[1].Stated(Unit::kImage), 40'000'000'000);
  EXPECT_EQ(model.prices[1].Stated(Unit::kOutput), kUnknownPrice);
}

TEST(Row, WritesWhatItReads) {
  EXPECT_EQ(RowText(Read(kRow)), kRow);
}

TEST(Row, PicksThePriceOfTheDay) {
  const Model model = Read("m chat from=2026-08-01 input=2 from=2026-03-05 input=3 output=1");
  const auto input = [&](sys_days day) { return model.PriceAt(day)->Stated(Unit::kInput); };
  EXPECT_EQ(input(2026y / 3 / 5), 3'000'000);
  EXPECT_EQ(input(2026y / 7 / 31), 3'000'000);
  EXPECT_EQ(model.PriceAt(sys_days(2026y / 8 / 1) - 1ns)->Stated(Unit::kInput), 3'000'000);
  EXPECT_EQ(input(2026y / 8 / 1), 2'000'000);
  EXPECT_EQ(input(2031y / 1 / 1), 2'000'000);
  // The first price that is known is the best guess for the time before it.
  EXPECT_EQ(input(2020y / 1 / 1), 3'000'000);
}

TEST(Row, APriceCanBecomeUnknown) {
  const Model model = Read("m chat from=2026-01-01 input=1 output=1 from=2026-06-01");
  EXPECT_NE(model.PriceAt(sys_days(2026y / 5 / 31)), nullptr);
  EXPECT_EQ(model.PriceAt(sys_days(2026y / 6 / 1)), nullptr);
}

TEST(Row, NamesTheWordThatItCannotRead) {
  const std::pair<const char*, const char*> cases[] = {
      {"m talk", "talk"},
      {"m chat context=many", "context=many"},
      {"m chat context=99999999999", "context=99999999999"},
      {"m chat can=tools,fly", "fly"},
      {"m chat input=cheap", "input=cheap"},
      {"m chat input=-1", "input=-1"},
      {"m chat input=0.0000001", "input=0.0000001"},
      {"m chat inputs=1", "inputs=1"},
      {"m chat input@night=1", "input@night=1"},
      {"m chat input>lots=1", "input>lots=1"},
      {"m chat from=2026-02-30 input=1", "from=2026-02-30"},
      {"m chat ends=tomorrow", "ends=tomorrow"},
      {"m chat speed=7", "speed=7"},
  };
  for (const auto& [line, word] : cases) {
    Model model;
    const auto read = ReadRow(line, model);
    ASSERT_FALSE(read) << line;
    EXPECT_THAT(read.error().message, HasSubstr(word)) << line;
  }
}

TEST(Days, AreRealDaysOnly) {
  EXPECT_EQ(ReadDay("2028-02-29"), sys_days(2028y / 2 / 29));
  EXPECT_EQ(DayText(2026y / 8 / 1), "2026-08-01");
  for (const char* text : {"", "2026-8-1", "2027-02-29", "2026-13-01", "1313-08-01", "2262-01-01",
                           "2026-00-10", "20260801", "2026-08-01T", "-026-08-01", "2026-+8-01"}) {
    EXPECT_EQ(ReadDay(text), std::nullopt) << text;
  }
}

TEST(ServiceTiers, AreReadAsVendorsWriteThem) {
  EXPECT_EQ(FindServiceTier("default"), ServiceTier::kStandard);
  EXPECT_EQ(FindServiceTier("on_demand"), ServiceTier::kStandard);
  EXPECT_EQ(FindServiceTier("flex"), ServiceTier::kFlex);
  EXPECT_EQ(FindServiceTier("scale"), std::nullopt);
}

}  // namespace
}  // namespace signalbox::catalog
