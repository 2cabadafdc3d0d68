#include "vendors/catalog/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json/document.h"

namespace signalbox::catalog {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::sys_days kToday = std::chrono::year(2026) / 11 / 21;

// A catalogue's models of the provider `test`.
struct Some {
  explicit Some(const std::string& rows)
      : catalog(*Catalog::BuiltIn()->With("provider test dialect=openai_chat\n" + rows)) {
    for (auto& listed : catalog->List()) {
      if (listed.model->provider == "test") {
        models.push_back(listed);
      }
    }
  }
  std::shared_ptr<const Catalog> catalog;
  std::vector<Catalog::Listed> models;
};

constexpr const char* kRows =
    "a chat context=128000 from=2026-08-01 input=2.5 cached=1.25 output=10 input>200k=5 "
    "output@batch=4 image=0.04\nalso-a = a\nbb embedding\n";

TEST(PrintModels, ShowsEverything) {
  const Some some(kRows);
  const std::string text = ShowText(some.models[0], kToday);
  for (const char* line : {"model        test/a\n", "also         test/also-a\n",
                           "max output   unknown\n", "from 2026-08-01, in force\n",
                           "input above 200000 tokens", "output, batch", "0.04 USD each\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(ShowText(some.models[1], kToday), HasSubstr("prices       unknown\n"));
}

TEST(PrintModels, ShowsWhatAModelCanAndCannot) {
  const Some some("a chat can=tools,json cannot=vision efforts=low,high budget=128-900\n");
  const std::string text = ShowText(some.models[0], kToday);
  for (const char* line :
       {"can          tools, json\n", "cannot       vision\n", "efforts      low, high\n",
        "budget       128 to 900 tokens to think with\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  std::string json;
  json::Writer writer(json);
  ShowJson(some.models[0], kToday, writer);
  EXPECT_THAT(json, HasSubstr(R"("abilities":["tools","json"],"lacks":["vision"],)"
                              R"("efforts":["low","high"],"budget":{"least":128,"most":900})"));
}

TEST(PrintModels, JsonSaysUnknownAndKeepsDecimals) {
  const Some some(kRows);
  for (std::size_t i = 0; i < 2; ++i) {
    std::string text;
    json::Writer writer(text);
    ShowJson(some.models[i], kToday, writer);
    json::Document document;
    ASSERT_TRUE(document.Parse(text)) << text;
    const auto input = document.Root().Find("price")->Find("input_usd_per_million")->AsString();
    EXPECT_EQ(input, i == 0 ? "2.5" : "unknown");
    EXPECT_THAT(text, Not(HasSubstr("-1")));
  }
}

}  // namespace
}  // namespace signalbox::catalog
