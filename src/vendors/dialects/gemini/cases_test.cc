// The text cases of test/cases/gemini.
#include "vendors/dialects/testkit/cases.h"

#include <gtest/gtest.h>

#include "vendors/dialects/gemini/dialect.h"

namespace signalbox::gemini {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), kDialect, GetParam());
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), kDialect, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames(kDialect)),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::gemini
