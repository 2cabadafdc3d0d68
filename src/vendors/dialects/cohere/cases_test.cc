// The text cases of test/cases/cohere: what comes in, what it means, what goes out.
#include <gtest/gtest.h>

#include "vendors/dialects/cohere/cohere_meaning_testing.h"
#include "vendors/dialects/cohere/dialect.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::cohere {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), "cohere", GetParam(), kRules);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), "cohere", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("cohere")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::cohere
