#include "pipeline/identity/fields.h"

#include <gtest/gtest.h>

namespace signalbox::identity {
namespace {

TEST(Fields, TextIsPlainAndBounded) {
  EXPECT_TRUE(CheckText("Anna Müller", "name"));
  for (const std::string& bad :
       {std::string(), std::string("   "), std::string("a\nb"), std::string("a\0b", 3),
        std::string("\xff"), std::string(kMostName + 1, 'a')}) {
    const auto checked = CheckText(bad, "name");
    ASSERT_FALSE(checked.has_value());
    EXPECT_EQ(checked.error().param, "name");
  }
}

TEST(Fields, MetadataIsASmallObjectWhoseKeysMeanNothing) {
  EXPECT_TRUE(CheckMetadata("{}"));
  EXPECT_TRUE(CheckMetadata(
      R"({"__proto__":{"admin":true},"constructor":1,"$ref":"#","@type":"x","role":"admin",)"
      R"("env":"env:HOME","\u0000":"a"})"));
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    deep += R"({"a":)";
  }
  std::string many = "{";
  for (int i = 0; i < 10'000; ++i) {
    many += "\"k" + std::to_string(i) + "\":1,";
  }
  many.back() = '}';
  for (const std::string& bad :
       {std::string("[]"), std::string("1"), std::string(""), std::string("{"),
        std::string(R"({"a":1,"a":2})"), deep + "1" + std::string(100, '}'), many,
        "{\"" + std::string(1 << 20, 'k') + "\":1}", std::string("{\"\0\":1}", 7)}) {
    EXPECT_FALSE(CheckMetadata(bad).has_value()) << bad.substr(0, 40);
  }
}

TEST(Fields, ListsComeBackFromTheirLines) {
  for (const std::vector<std::string>& items :
       {std::vector<std::string>{}, std::vector<std::string>{"a"},
        std::vector<std::string>{"a=1", "b c", "ü"}}) {
    EXPECT_EQ(FromLines(Lines(items)), items);
  }
}

TEST(Fields, ASearchStandsForItself) {
  EXPECT_EQ(SearchPattern("50%_Off!").value(), "%50!%!_off!!%");
  EXPECT_FALSE(SearchPattern(std::string(1000, '%')).has_value());
}

TEST(Fields, TagsAndRulesAreCounted) {
  EXPECT_TRUE(CheckTags({"team=a", "b"}));
  EXPECT_FALSE(CheckTags(std::vector<std::string>(kMostTags + 1, "t")));
  EXPECT_FALSE(CheckTags({"a\nb"}));
  EXPECT_FALSE(CheckRights({.models = {std::vector<std::string>(kMostRules + 1, "m")}}));
  EXPECT_FALSE(CheckRights({.models = {{""}}}));
}

}  // namespace
}  // namespace signalbox::identity
