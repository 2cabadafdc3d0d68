#include "pipeline/request/grant.h"

#include <gtest/gtest.h>

namespace signalbox::request {
namespace {

TEST(NameRules, AllowEverythingWhenThereAreNone) {
  EXPECT_TRUE(NameRules{}.Allows("gpt-4o"));
  EXPECT_TRUE(NameRules{}.Allows(""));
}

TEST(NameRules, AllowANameThatIsWritten) {
  const NameRules rules{{"gpt-4o", "openai/gpt-4"}};
  EXPECT_TRUE(rules.Allows("gpt-4o"));
  EXPECT_TRUE(rules.Allows("openai/gpt-4"));
  EXPECT_FALSE(rules.Allows("gpt-4o-mini"));
  EXPECT_FALSE(rules.Allows("gpt-4"));
  EXPECT_FALSE(rules.Allows(""));
}

TEST(NameRules, TakeAStarForAnyCharacters) {
  EXPECT_TRUE((NameRules{{"openai/*"}}.Allows("openai/gpt-4o")));
  EXPECT_TRUE((NameRules{{"openai/*"}}.Allows("openai/")));
  EXPECT_FALSE((NameRules{{"openai/*"}}.Allows("azure/gpt-4o")));
  EXPECT_TRUE((NameRules{{"*-mini"}}.Allows("gpt-4o-mini")));
  EXPECT_TRUE((NameRules{{"*mini*mini"}}.Allows("mini-mini-mini")));
  EXPECT_FALSE((NameRules{{"*-mini"}}.Allows("gpt-4o-mini-2024")));
  EXPECT_FALSE((NameRules{{"a*b*c"}}.Allows("acb")));
  EXPECT_TRUE((NameRules{{"*"}}.Allows("")));
}

}  // namespace
}  // namespace signalbox::request
