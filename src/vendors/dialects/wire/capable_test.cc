#include "vendors/dialects/wire/capable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::wire {
namespace {

using catalog::Ability;
using catalog::Capabilities;
using chat::MediaKind;
using testing::ElementsAre;

chat::Part MediaPart(MediaKind kind, std::string type = "") {
  chat::Media media;
  media.kind = kind;
  media.media_type = std::move(type);
  media.data = "AAAA";
  return {.content = std::move(media)};
}

chat::Request With(chat::Part part) {
  chat::Request request;
  request.messages.push_back({.role = chat::Role::kUser});
  request.messages.push_back({.role = chat::Role::kUser});
  request.messages[1].parts.push_back({.content = chat::Text{"See", {}}});
  request.messages[1].parts.push_back(std::move(part));
  return request;
}

Capabilities Without(Ability ability) {
  Capabilities out;
  out.Deny(ability);
  return out;
}

bool Needs(const chat::Request& request, Ability ability, bool in_words = false) {
  return LacksFor(request, Without(ability), in_words);
}

TEST(Capable, KnowsWhatARequestNeeds) {
  EXPECT_TRUE(Needs(With(MediaPart(MediaKind::kImage)), Ability::kVision));
  EXPECT_TRUE(Needs(With(MediaPart(MediaKind::kDocument)), Ability::kPdf));
  EXPECT_TRUE(Needs(With(MediaPart(MediaKind::kAudio)), Ability::kAudioInput));
  EXPECT_TRUE(Needs(With(MediaPart(MediaKind::kVideo)), Ability::kVideoInput));
  EXPECT_FALSE(Needs(With(MediaPart(MediaKind::kDocument, "text/plain")), Ability::kPdf));
  chat::ToolResult result;
  result.parts.push_back(MediaPart(MediaKind::kImage));
  EXPECT_TRUE(Needs(With({.content = result}), Ability::kVision));
}

TEST(Capable, WhatIsNotKnownIsTried) {
  const chat::Request request = With(MediaPart(MediaKind::kImage));
  EXPECT_FALSE(LacksFor(request, {}, false));
  EXPECT_FALSE(LacksFor(request, Without(Ability::kTools), false));
}

TEST(Capable, ToolsCountWhenTheyMayBeCalled) {
  chat::Request request;
  request.tools.resize(2);
  request.tools[0].kind = chat::ToolKind::kRaw;
  EXPECT_TRUE(Needs(request, Ability::kTools));
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  EXPECT_FALSE(Needs(request, Ability::kTools));
}

TEST(Capable, FormsAndModalities) {
  chat::Request request;
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  EXPECT_TRUE(Needs(request, Ability::kJsonSchema));
  EXPECT_FALSE(Needs(request, Ability::kJsonSchema, true));
  request.response_format.kind = chat::FormatKind::kJsonObject;
  EXPECT_FALSE(Needs(request, Ability::kJsonSchema));
  EXPECT_TRUE(Needs(request, Ability::kJsonObject));
  request.output.modalities = {"text", "audio"};
  EXPECT_TRUE(Needs(request, Ability::kAudioOutput));
  request.output.modalities = {"image"};
  EXPECT_TRUE(Needs(request, Ability::kImageOutput));
}

TEST(Capable, NamesTheReasoningThatNobodyCanAskFor) {
  chat::Request request;
  request.reasoning.effort = "high";
  request.reasoning.budget = 9;
  request.reasoning.enabled = true;
  std::vector<std::string> dropped = {"reasoning.budget"};
  const auto of = Without(Ability::kReasoning);
  EXPECT_EQ(ReasoningFor(request, false, of, dropped).effort, "");
  EXPECT_THAT(dropped, ElementsAre("reasoning.budget", "reasoning.effort", "reasoning.enabled"));
  dropped.clear();
  EXPECT_EQ(&ReasoningFor(request, true, of, dropped), &request.reasoning);
  EXPECT_EQ(&ReasoningFor(request, false, {}, dropped), &request.reasoning);
  EXPECT_EQ(&ReasoningFor(request, false, Without(Ability::kEffort), dropped), &request.reasoning);
  request.reasoning = {};
  request.reasoning.effort = "none";
  EXPECT_EQ(ReasoningFor(request, false, of, dropped).effort, "");
  EXPECT_TRUE(dropped.empty());
}

}  // namespace
}  // namespace signalbox::wire
