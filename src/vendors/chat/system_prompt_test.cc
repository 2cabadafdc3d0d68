#include "vendors/chat/system_prompt.h"

#include <gtest/gtest.h>

namespace signalbox::chat {
namespace {

Message Says(Role role, std::string text) {
  Message message{.role = role};
  message.parts.push_back({.content = Text{std::move(text), {}}});
  return message;
}

TEST(LiftSystemPrompts, JoinsThemInOrderWithABlankLine) {
  Request request;
  request.messages = {Says(Role::kSystem, "One."), Says(Role::kUser, "Hi"),
                      Says(Role::kDeveloper, "Two.")};
  EXPECT_EQ(LiftSystemPrompts(request), "One.\n\nTwo.");
  ASSERT_EQ(request.messages.size(), 1U);
  EXPECT_EQ(request.messages[0].role, Role::kUser);
}

TEST(LiftSystemPrompts, OmitsEmptyOnes) {
  Request request;
  request.messages = {Says(Role::kSystem, ""), Message{.role = Role::kDeveloper},
                      Says(Role::kSystem, "Only.")};
  EXPECT_EQ(LiftSystemPrompts(request), "Only.");
  EXPECT_TRUE(request.messages.empty());
}

TEST(LiftSystemPrompts, IsEmptyWithoutAny) {
  Request request;
  request.messages = {Says(Role::kUser, "Hi")};
  EXPECT_EQ(LiftSystemPrompts(request), "");
  EXPECT_EQ(request.messages.size(), 1U);
}

}  // namespace
}  // namespace signalbox::chat
