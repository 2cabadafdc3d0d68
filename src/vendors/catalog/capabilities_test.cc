#include "vendors/catalog/capabilities.h"

#include <gtest/gtest.h>

#include "vendors/catalog/catalog.h"
#include "vendors/catalog/families.h"
#include "vendors/catalog/row.h"

namespace signalbox::catalog {
namespace {

Capabilities Read(std::string_view words) {
  Model model;
  EXPECT_TRUE(ReadRow("m chat " + std::string(words), model)) << words;
  return model.capabilities;
}

TEST(Capabilities, AreWordsOfARowAndBack) {
  for (const std::string_view words :
       {"can=tools,vision", "can=tools cannot=vision,json", "efforts=none,low,max",
        "cannot=max_completion_tokens budget=128-32768", "budget=1024"}) {
    EXPECT_EQ(CapabilityText(Read(words)), " " + std::string(words));
  }
}

TEST(Capabilities, RefuseWordsThatNobodyKnows) {
  for (const std::string_view words : {"can=fly", "cannot=tools,", "efforts=some", "budget=many",
                                       "budget=9-1", "budget=-", "budget=0-0"}) {
    Model model;
    const auto read = ReadRow("m chat " + std::string(words), model);
    EXPECT_EQ(read.has_value(), words == "cannot=tools,") << words;
  }
}

TEST(Capabilities, WhatIsSaidTwiceHoldsAsItWasSaidLast) {
  const Capabilities read = Read("can=tools cannot=tools");
  EXPECT_FALSE(read.Can(Ability::kTools));
  EXPECT_TRUE(read.Lacks(Ability::kTools));
}

TEST(Capabilities, AreFilledUpWhereNothingIsSaid) {
  Capabilities mine = Read("can=vision cannot=tools efforts=low");
  mine.FillFrom(Read("can=tools,json cannot=vision,pdf efforts=high budget=1-9"));
  EXPECT_EQ(mine, Read("can=vision,json cannot=tools,pdf efforts=low budget=1-9"));
}

TEST(Capabilities, GiveWayToWhatIsNewer) {
  Capabilities mine = Read("can=vision,json cannot=tools efforts=low");
  mine.ReplaceFrom(Read("can=tools cannot=vision"));
  EXPECT_EQ(mine, Read("can=tools,json cannot=vision efforts=low"));
}

TEST(Capabilities, AnEffortBecomesTheNearest) {
  const Capabilities three = Read("efforts=low,medium,high");
  EXPECT_EQ(three.NearestEffort("medium"), "medium");
  EXPECT_EQ(three.NearestEffort("minimal"), "low");
  EXPECT_EQ(three.NearestEffort("none"), "low");
  EXPECT_EQ(three.NearestEffort("max"), "high");
  EXPECT_EQ(Read("efforts=low,high").NearestEffort("medium"), "low");
  EXPECT_EQ(Read("efforts=none,high").NearestEffort("minimal"), "high");
  EXPECT_EQ(Read("efforts=none,high").NearestEffort("none"), "none");
  EXPECT_EQ(Capabilities().NearestEffort("xhigh"), "xhigh");
  EXPECT_EQ(three.NearestEffort("tomorrow's"), "tomorrow's");
}

TEST(Families, PatternsFitWholeNames) {
  EXPECT_TRUE(FitsPattern("*claude-*-4~5*", "us.anthropic.Claude-Opus-4.5-v1:0"));
  EXPECT_TRUE(FitsPattern("o#", "o3"));
  EXPECT_FALSE(FitsPattern("o#", "o33"));
  EXPECT_FALSE(FitsPattern("o#", "ox"));
  EXPECT_TRUE(FitsPattern("a*b*c", "abbbc"));
  EXPECT_FALSE(FitsPattern("a*b*c", "abbb"));
  EXPECT_TRUE(FitsPattern("*", ""));
  EXPECT_FALSE(FitsPattern("", "a"));
}

struct Fact {
  const char* model;
  Ability ability;
  bool can;
};

TEST(Families, KnowModelsByTheNamesOfEveryPlatform) {
  constexpr Fact kFacts[] = {
      {"us.anthropic.claude-3-5-sonnet-20240620-v1:0", Ability::kReasoning, false},
      {"claude-3-7-sonnet@20250219", Ability::kBudget, true},
      {"claude-3.7-sonnet", Ability::kJsonSchema, false},
      {"claude-sonnet-4-20250514", Ability::kJsonSchema, false},
      {"claude-opus-4-0", Ability::kBothTopP, true},
      {"claude-opus-4-1-20250805", Ability::kJsonSchema, true},
      {"anthropic/claude-haiku-4.5", Ability::kEffort, false},
      {"anthropic/claude-4.5-sonnet", Ability::kJsonSchema, true},
      {"claude-sonnet-4-6", Ability::kSampling, true},
      {"claude-opus-4-7", Ability::kBudget, false},
      {"claude-sonnet-5", Ability::kSampling, false},
      {"claude-something-new", Ability::kSampling, true},
      {"claude-v2", Ability::kReasoning, false},
      {"openai/o3", Ability::kSampling, false},
      {"o3-mini-2025-01-31", Ability::kVision, false},
      {"gpt-5", Ability::kCompletionBound, true},
      {"gpt-5-2025-08-07", Ability::kSampling, false},
      {"eu/gpt-5.1", Ability::kCompletionBound, true},
      {"gpt-5.1-chat-latest", Ability::kEffort, false},
      {"gpt-4", Ability::kVision, false},
      {"gpt-4-turbo-2024-04-09", Ability::kVision, true},
      {"gpt-4-turbo-preview", Ability::kVision, false},
      {"gpt-4o-mini", Ability::kReasoning, false},
      {"gpt-3.5-turbo-0125", Ability::kJsonSchema, false},
      {"openai.gpt-oss-120b-1:0", Ability::kEffort, true},
      {"gpt-oss:20b", Ability::kVision, false},
      {"models/gemini-2.5-pro", Ability::kEffort, false},
      {"gemini-2.0-flash", Ability::kReasoning, false},
      {"gemini-3-pro-preview", Ability::kEffort, true},
      {"gemini-4-flash", Ability::kResultMedia, true},
      {"deepseek-chat", Ability::kJsonSchema, false},
      {"llama-3.3-70b-versatile", Ability::kVision, false},
      {"Llama-2-70b-chat-hf", Ability::kVision, false},
      {"mixtral-8x7b-32768", Ability::kVision, false},
  };
  for (const Fact& fact : kFacts) {
    const Capabilities& of = FamilyOf(fact.model);
    EXPECT_EQ(of.Can(fact.ability), fact.can) << fact.model << " " << Name(fact.ability);
    EXPECT_EQ(of.Lacks(fact.ability), !fact.can) << fact.model << " " << Name(fact.ability);
  }
}

TEST(Families, SayNothingOfWhatTheyDoNotKnow) {
  for (const char* model : {"", "*", "m", "llama-3.2-11b-vision-instruct", "qwen3-vl-235b", "glm-5",
                            "pixtral-12b", "my-tuned-model"}) {
    EXPECT_TRUE(FamilyOf(model).empty()) << model;
  }
}

TEST(Families, EffortsAndBudgets) {
  EXPECT_EQ(FamilyOf("o3").NearestEffort("none"), "low");
  EXPECT_EQ(FamilyOf("gpt-5-mini").NearestEffort("none"), "minimal");
  EXPECT_EQ(FamilyOf("gpt-5.4").NearestEffort("none"), "none");
  EXPECT_EQ(FamilyOf("gpt-5-pro").NearestEffort("low"), "high");
  EXPECT_EQ(FamilyOf("claude-opus-4-6").NearestEffort("xhigh"), "high");
  EXPECT_EQ(FamilyOf("claude-opus-4-7").NearestEffort("xhigh"), "xhigh");
  EXPECT_EQ(FamilyOf("gemini-2.5-pro").least_budget, 128U);
  EXPECT_EQ(FamilyOf("gemini-2.5-flash").most_budget, 24'576U);
}

TEST(Families, FillUpRowsAndAgreeWithAllThatShip) {
  const auto catalog = Catalog::BuiltIn();
  const Model* opus = catalog->Find("anthropic", "claude-opus-4-7");
  ASSERT_NE(opus, nullptr);
  EXPECT_TRUE(opus->capabilities.Lacks(Ability::kSampling));
  EXPECT_TRUE(opus->capabilities.Takes(Effort::kXhigh));
  for (const auto& [model, aliases] : catalog->List()) {
    const Capabilities& family = FamilyOf(model->id);
    EXPECT_EQ(model->capabilities.can & family.cannot, 0U) << model->provider << "/" << model->id;
    EXPECT_EQ(model->capabilities.cannot & family.can, 0U) << model->provider << "/" << model->id;
    EXPECT_EQ(model->capabilities.can & model->capabilities.cannot, 0U) << model->id;
  }
}

TEST(Families, StandInForARowThatStandsForAnyModel) {
  const auto catalog = Catalog::BuiltIn();
  const Model* any = catalog->Find("ollama", "gpt-oss:20b-of-mine");
  ASSERT_NE(any, nullptr);
  ASSERT_EQ(any->id, "*");
  EXPECT_TRUE(CapabilitiesOf(any, "gpt-oss:20b-of-mine").Can(Ability::kEffort));
  EXPECT_TRUE(CapabilitiesOf(nullptr, "gpt-5").Can(Ability::kEffort));
  EXPECT_TRUE(CapabilitiesOf(nullptr, "whatever").empty());
}

}  // namespace
}  // namespace signalbox::catalog
