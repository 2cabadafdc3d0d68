#include "vendors/chat/tell.h"

#include <gtest/gtest.h>

#include "vendors/chat/assemble.h"
#include "vendors/chat/dump.h"

namespace signalbox::chat {
namespace {

Response Sample() {
  Response response;
  response.id = "r1";
  response.model = "m";
  response.created = 7;
  Choice& choice = response.choices.emplace_back();
  Reasoning thought;
  thought.text = "Hm.";
  thought.signature = "sig";
  choice.parts.push_back({.content = thought});
  choice.parts.push_back({.content = Text{.text = "One.", .citations = {}}});
  choice.parts.push_back({.content = Text{.text = "Two.", .citations = {}}});
  ToolCall call;
  call.id = "c1";
  call.name = "f";
  call.arguments = "{}";
  choice.parts.push_back({.content = call});
  choice.finish = FinishReason::kToolCalls;
  choice.finish_text = "tool_calls";
  response.usage.emplace().tokens.input = 3;
  return response;
}

TEST(Tell, WhatIsToldAddsUpToTheAnswer) {
  Assembler assembler;
  assembler.Take(Tell(Sample()));
  EXPECT_TRUE(assembler.ended());
  EXPECT_EQ(Dump(std::move(assembler).TakeAnswer()), Dump(Sample()));
}

}  // namespace
}  // namespace signalbox::chat
