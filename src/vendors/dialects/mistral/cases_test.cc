// The text cases of test/cases/mistral: what comes in, what it means, what goes out.
#include <gtest/gtest.h>

#include "vendors/dialects/mistral/dialect.h"
#include "vendors/dialects/mistral/mistral_meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::mistral {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), "mistral", GetParam(), kRules);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), "mistral", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("mistral")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::mistral
