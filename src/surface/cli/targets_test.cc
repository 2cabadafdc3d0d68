#include "surface/cli/targets.h"

#include <gtest/gtest.h>

#include <sstream>

namespace signalbox::cli {
namespace {

constexpr std::string_view kReport = R"({"providers":[
  {"name":"openai","state":"closed","calls":40,"failures":1,
   "models":[{"name":"gpt-4o","state":"open","open_for_ms":1500,"calls":8,"failures":8}],
   "keys":[{"label":"default","state":"closed","calls":40,"failures":0,"in_flight":1,"weight":1}]},
  {"name":"groq","state":"closed","calls":0,"failures":0,"models":[],
   "keys":[{"label":"a","state":"closed","calls":0,"failures":0},
           {"label":"b","state":"closed","calls":0,"failures":0,"rests_for_ms":30000}]}],
  "waiting":2,"retries_left":30})";

TEST(Targets, ShowStateSuccessAndWhenTheNextTryIs) {
  const auto view = ViewTargets(kReport, {.columns = 80});
  ASSERT_TRUE(view);
  EXPECT_EQ(view->text,
            "PROVIDER  MODEL OR KEY  STATE    CALLS  SUCCESS  NEXT TRY\n"
            "openai                  ok          40     97 %\n"
            "openai    gpt-4o        open         8      0 %  in 2 s\n"
            "groq                    ok           0\n"
            "groq      key a         ok           0\n"
            "groq      key b         resting      0           in 30 s\n"
            "2 requests wait for a target\n");
  EXPECT_FALSE(view->well);
}

TEST(Targets, AreFieldsBetweenTabsInAPipe) {
  const auto view = ViewTargets(kReport, {});
  ASSERT_TRUE(view);
  EXPECT_TRUE(
      view->text.starts_with("openai\t\tok\t40\t97 %\t\nopenai\tgpt-4o\topen\t8\t0 %\tin 2 s\n"))
      << view->text;
  EXPECT_EQ(view->text.find("wait"), std::string::npos);
}

TEST(Targets, FitIntoFortyColumns) {
  const auto view = ViewTargets(kReport, {.columns = 40});
  ASSERT_TRUE(view);
  std::istringstream lines(view->text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(Width(line), 40) << line;
  }
  EXPECT_NE(view->text.find("in 30 s"), std::string::npos);
}

TEST(Targets, AreWellWhenNoBreakerIsOpenAndNoKeyRests) {
  const auto view =
      ViewTargets(R"({"providers":[{"name":"sim","state":"closed","calls":3,"failures":0}]})", {});
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->well);
}

TEST(Targets, SayWhenTheAnswerIsNoReport) {
  for (const char* answer : {"", "<html>", "[]", R"({"providers":7})"}) {
    EXPECT_FALSE(ViewTargets(answer, {})) << answer;
  }
}

}  // namespace
}  // namespace signalbox::cli
