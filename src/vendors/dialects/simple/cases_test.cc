// The text cases of test/cases/simple: what comes in, what it means, what goes out.
#include <gtest/gtest.h>

#include "vendors/dialects/simple/dialect.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::simple {
namespace {

constexpr std::string_view kFolder = "simple";

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), kFolder, GetParam());
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), kFolder, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames(kFolder)),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

TEST(TheCases, AreThere) {
  EXPECT_GE(testkit::CaseNames(kFolder).size(), 6U);
}

}  // namespace
}  // namespace signalbox::simple
