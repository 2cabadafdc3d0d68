#include "io/store/metadata.h"

#include <gtest/gtest.h>

#include <cmath>

namespace signalbox::store {
namespace {

TEST(Metadata, ReadsBackAsItWasWritten) {
  const Metadata metadata = {{"a \"quoted\"", std::string("ü\n\x01")},
                             {"large", std::int64_t{9'007'199'254'740'993}},
                             {"number", -0.25}};
  EXPECT_EQ(ParseMetadata(MetadataJson(metadata)), metadata);
  EXPECT_EQ(ParseMetadata("{}"), Metadata{});
}

TEST(Metadata, WhatIsNoFlatObjectIsAnError) {
  for (const char* text : {"", "[]", "[1]", "3", "{\"a\":{}}", "{\"a\":[1]}", "{\"a\":null}",
                           "{\"a\":true}", "{\"a\":1", "{\"a\":1,\"a\":2}"}) {
    EXPECT_FALSE(ParseMetadata(text).has_value()) << text;
  }
}

TEST(Metadata, NumbersAreComparedByTheirWorth) {
  EXPECT_TRUE(SameValue(3, 3.0));
  EXPECT_FALSE(SameValue(3, std::string("3")));
  constexpr std::int64_t kLarge = (1LL << 53) + 1;
  EXPECT_FALSE(SameValue(kLarge, static_cast<double>(kLarge)));
  EXPECT_TRUE(Matches({Between{"n", 3, 3}}, {{"n", 3}}));
  EXPECT_FALSE(Matches({Between{"n", 0, 9}}, {{"n", std::string("3")}}));
  EXPECT_FALSE(Matches({Equals("m", 1)}, {{"n", 1}}));
  EXPECT_TRUE(Matches({}, {}));
}

TEST(Metadata, SaysWhichKeyIsWrong) {
  const auto checked = CheckMetadata({{"good", 1}, {"bad", std::nan("")}});
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().param, "bad");
  EXPECT_FALSE(CheckFilter({OneOf{"none", {}}}).has_value());
  EXPECT_FALSE(CheckFilter({Between{"n", std::nan(""), 1}}).has_value());
  EXPECT_TRUE(CheckFilter({Between{"n"}}).has_value());
}

}  // namespace
}  // namespace signalbox::store
