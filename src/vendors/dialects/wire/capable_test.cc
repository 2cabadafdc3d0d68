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

std::string PathOf(const chat::Request& request, Ability lacking, bool in_words = false) {
  const auto lack = FindLack(request, Without(lacking), in_words);
  EXPECT_TRUE(!lack || lack->ability == lacking);
  return lack ? lack->path : "";
}

TEST(Capable, NamesTheFieldThatTheModelLacksTheAbilityFor) {
  const std::string second = "messages[1].content[1]";
  EXPECT_EQ(PathOf(With(MediaPart(MediaKind::kImage)), Ability::kVision), second);
  EXPECT_EQ(PathOf(With(MediaPart(MediaKind::kDocument)), Ability::kPdf), second);
  EXPECT_EQ(PathOf(With(MediaPart(MediaKind::kAudio)), Ability::kAudioInput), second);
  EXPECT_EQ(PathOf(With(MediaPart(MediaKind::kVideo)), Ability::kVideoInput), second);
  EXPECT_EQ(PathOf(With(MediaPart(MediaKind::kDocument, "text/plain")), Ability::kPdf), "");
  chat::ToolResult result;
  result.parts.push_back(MediaPart(MediaKind::kImage));
  EXPECT_EQ(PathOf(With({.content = result}), Ability::kVision), second + ".content[0]");
}

TEST(Capable, WhatIsNotKnownIsTried) {
  const chat::Request request = With(MediaPart(MediaKind::kImage));
  EXPECT_FALSE(FindLack(request, {}, false));
  EXPECT_FALSE(FindLack(request, Without(Ability::kTools), false));
}

TEST(Capable, ToolsCountWhenTheyMayBeCalled) {
  chat::Request request;
  request.tools.resize(2);
  request.tools[0].kind = chat::ToolKind::kRaw;
  EXPECT_EQ(PathOf(request, Ability::kTools), "tools[1]");
  request.tool_choice.mode = chat::ToolChoiceMode::kNone;
  EXPECT_EQ(PathOf(request, Ability::kTools), "");
}

TEST(Capable, FormsAndModalities) {
  chat::Request request;
  request.response_format.kind = chat::FormatKind::kJsonSchema;
  EXPECT_EQ(PathOf(request, Ability::kJsonSchema), "response_format");
  EXPECT_EQ(PathOf(request, Ability::kJsonSchema, true), "");
  request.response_format.kind = chat::FormatKind::kJsonObject;
  EXPECT_EQ(PathOf(request, Ability::kJsonSchema), "");
  EXPECT_EQ(PathOf(request, Ability::kJsonObject), "response_format");
  request.output.modalities = {"text", "audio"};
  EXPECT_EQ(PathOf(request, Ability::kAudioOutput), "modalities");
  request.output.modalities = {"image"};
  EXPECT_EQ(PathOf(request, Ability::kImageOutput), "modalities");
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
