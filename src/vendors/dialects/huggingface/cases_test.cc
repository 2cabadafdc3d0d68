// The text cases of test/cases/huggingface. Its recorded exchanges are OpenAI Chat's, and looked at
// there; of its own form none is recorded.
#include <gtest/gtest.h>

#include "vendors/dialects/huggingface/dialect.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::huggingface {
namespace {

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), "huggingface", GetParam());
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), "huggingface", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("huggingface")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::huggingface
