// The text cases of test/cases/openai_responses.
#include "vendors/dialects/testkit/cases.h"

#include <gtest/gtest.h>

#include "vendors/dialects/openai_responses/dialect.h"
#include "vendors/dialects/openai_responses/responses_meaning_testing.h"

namespace signalbox::openai_responses {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), kDialect, GetParam(), kRules);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), kDialect, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames(kDialect)),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::openai_responses
