#include "pipeline/identity/widths.h"

#include <gtest/gtest.h>

#include "base/core/random.h"

namespace signalbox::identity {
namespace {

using request::NameRules;
using request::PrivacyClass;
using request::Role;

std::string RandomText(core::Random& random, std::string_view letters, std::size_t most) {
  std::string text;
  for (std::size_t left = random.Next() % (most + 1); left > 0; --left) {
    text += letters[random.Next() % letters.size()];
  }
  return text;
}

NameRules RandomRules(core::Random& random) {
  NameRules rules;
  for (std::size_t left = random.Next() % 4; left > 0; --left) {
    rules.names.push_back(RandomText(random, "ab*", 4));
  }
  return rules;
}

TEST(Widths, AStarCoversWhatAStarMayStandFor) {
  EXPECT_TRUE(Covers({{"gpt-*"}}, {{"gpt-4o"}}));
  EXPECT_TRUE(Covers({{"gpt-*"}}, {{"gpt-4*"}}));
  EXPECT_TRUE(Covers({{"a", "b*"}}, {{"b", "a"}}));
  EXPECT_FALSE(Covers({{"gpt-4*"}}, {{"gpt-*"}}));
  EXPECT_FALSE(Covers({{"gpt-4o"}}, {{"*"}}));
  EXPECT_FALSE(Covers({{"gpt-4o"}}, {}));  // nothing said is everything
  EXPECT_TRUE(Covers({}, {}));
  EXPECT_TRUE(Covers({{"*"}}, {{"x"}}));
}

// The property behind every grant: what the narrow one allows, the wide one allows.
TEST(Widths, WhatIsCoveredAllowsNothingMore) {
  core::Random random(1);
  int covered = 0;
  for (int round = 0; round < 20'000; ++round) {
    const NameRules wide = RandomRules(random);
    const NameRules narrow = RandomRules(random);
    if (!Covers(wide, narrow)) {
      continue;
    }
    ++covered;
    for (int i = 0; i < 20; ++i) {
      const std::string name = RandomText(random, "ab", 6);
      EXPECT_TRUE(!narrow.Allows(name) || wide.Allows(name)) << name;
    }
  }
  EXPECT_GT(covered, 1000);
}

TEST(Widths, NamesTheFieldThatIsWider) {
  const KeyRights wide{.role = Role::kMember,
                       .models = {{"m*"}},
                       .providers = {{"p"}},
                       .dialects = {{"d"}},
                       .privacy = PrivacyClass::kInternal,
                       .expires = core::WallTime(std::chrono::seconds(100))};
  EXPECT_EQ(WiderField(wide, wide), "");
  const auto with = [&](auto change) {
    KeyRights narrow = wide;
    change(narrow);
    return WiderField(wide, narrow);
  };
  EXPECT_EQ(with([](KeyRights& r) { r.role = Role::kOperator; }), "role");
  EXPECT_EQ(with([](KeyRights& r) { r.models = {}; }), "models");
  EXPECT_EQ(with([](KeyRights& r) { r.providers = {{"q"}}; }), "providers");
  EXPECT_EQ(with([](KeyRights& r) { r.dialects = {{"*"}}; }), "dialects");
  EXPECT_EQ(with([](KeyRights& r) { r.privacy = PrivacyClass::kPublic; }), "privacy");
  EXPECT_EQ(with([](KeyRights& r) { r.expires += std::chrono::nanoseconds(1); }), "expires");
  EXPECT_EQ(with([](KeyRights& r) { r.privacy = PrivacyClass::kSensitive; }), "");
}

}  // namespace
}  // namespace signalbox::identity
