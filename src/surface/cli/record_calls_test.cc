#include "surface/cli/record_calls.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

constexpr std::string_view kStory =
    R"({"request_id":"req_1","outcome":"ok","cost_usd":0.5,"attempts":[)"
    R"({"attempt":1,"time":"2026-11-21T09:30:00.123Z","provider":"edge","model":"small",)"
    R"("outcome":"failed","status":500,"input_tokens":null,"output_tokens":null,"cost_usd":0},)"
    R"({"attempt":2,"time":"2026-11-21T09:30:01.456Z","provider":"far","model":"large",)"
    R"("outcome":"ok","status":200,"input_tokens":7,"output_tokens":9,"cost_usd":0.5}]})";

TEST(StoryText, HasWhatItCameToAndALineForEachAttempt) {
  const auto text = StoryText(kStory, Terminal{});
  ASSERT_TRUE(text.has_value()) << text.error().message;
  EXPECT_NE(text->find("outcome: ok\n"), std::string::npos) << *text;
  EXPECT_NE(text->find("cost_usd: 0.5\n"), std::string::npos) << *text;
  const std::size_t first = text->find("edge\tsmall\tfailed\t500\t\t\t0");
  const std::size_t second = text->find("far\tlarge\tok\t200\t7\t9\t0.5");
  EXPECT_NE(first, std::string::npos) << *text;
  EXPECT_NE(second, std::string::npos) << *text;
  EXPECT_LT(first, second);
}

TEST(StoryText, AnAnswerThatIsNoneIsAnError) {
  for (const char* body : {"", "[]", "{}", R"({"attempts":1})", "<html>"}) {
    EXPECT_FALSE(StoryText(body, Terminal{})) << body;
  }
}

TEST(Erase, WantsToKnowWhom) {
  EXPECT_EQ(Erase({}), kWrongUse);
}

}  // namespace
}  // namespace signalbox::cli
