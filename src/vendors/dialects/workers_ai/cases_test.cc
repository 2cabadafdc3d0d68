// The text cases of test/cases/workers_ai.
#include <gtest/gtest.h>

#include "vendors/dialects/testkit/cases.h"
#include "vendors/dialects/workers_ai/dialect.h"

namespace signalbox::workers_ai {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

// OpenAI's form, where an answer stands in it, always has an object's name.
bool SaysNothing(std::string_view key, const json::Value& value) {
  return (key == "object" && value.AsString() == "chat.completion") ||
         ((key == "id" || key == "model") && value.AsString() == "");
}

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), "workers_ai", GetParam(), {.says_nothing = SaysNothing});
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), "workers_ai", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("workers_ai")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::workers_ai
