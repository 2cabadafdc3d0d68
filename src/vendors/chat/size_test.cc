#include "vendors/chat/size.h"

#include <gtest/gtest.h>

namespace signalbox::chat {
namespace {

TEST(RenderedSize, CoversEveryKindOfPart) {
  const std::string big(10'000, 'x');
  const Part parts[] = {
      {.content = Text{.text = big, .citations = {}}},
      {.content = Reasoning{.text = {}, .signature = big, .redacted = {}, .id = {}}},
      {.content = Media{.data = big}},
      {.content = ToolCall{.arguments = big}},
      {.content = ToolResult{.parts = {{.content = Text{.text = big, .citations = {}}}}}},
  };
  Request request;
  Response response;
  response.choices.emplace_back();
  const std::size_t empty = RenderedSize(response);
  for (const Part& part : parts) {
    request.messages.push_back({.role = Role::kUser, .parts = {part}});
    response.choices[0].parts.push_back(part);
  }
  request.tools.emplace_back().parameters = big;
  EXPECT_GE(RenderedSize(request), 6 * big.size());
  EXPECT_LE(RenderedSize(request), 6 * big.size() + 4096);
  EXPECT_GE(RenderedSize(response), 5 * big.size());
  EXPECT_LT(empty, 1024U);
}

}  // namespace
}  // namespace signalbox::chat
