// The text cases of test/cases/ollama; those of generate are named so.
#include <gtest/gtest.h>

#include "vendors/dialects/ollama/dialect.h"
#include "vendors/dialects/ollama/ollama_meaning_testing.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::ollama {
namespace {

class Cases : public testing::TestWithParam<std::string> {
 protected:
  const wire::Dialect& dialect() const {
    return DialectOf(GetParam().starts_with("generate-") ? Form::kGenerate : Form::kChat);
  }
};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(dialect(), "ollama", GetParam(), kRules);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(dialect(), "ollama", GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames("ollama")),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::ollama
