// The text cases of test/cases/anthropic (testkit/cases.h).
#include <gtest/gtest.h>

#include "vendors/dialects/anthropic/dialect.h"
#include "vendors/dialects/anthropic/meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::anthropic {
namespace {

class AnthropicCases : public testing::TestWithParam<std::string> {};

TEST_P(AnthropicCases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), "anthropic", GetParam(), kRules);
}

TEST_P(AnthropicCases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), "anthropic", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, AnthropicCases, testing::ValuesIn(testkit::CaseNames("anthropic")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::anthropic
