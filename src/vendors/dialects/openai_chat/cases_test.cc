// The text cases of test/cases/openai_chat: what comes in, what it means, what goes out.
#include <gtest/gtest.h>

#include "vendors/dialects/openai_chat/chat_meaning_testing.h"
#include "vendors/dialects/openai_chat/dialect.h"
#include "vendors/dialects/testkit/cases.h"

namespace signalbox::openai_chat {
namespace {

constexpr std::string_view kFolder = "openai_chat";

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, MeansAndBecomesWhatItSays) {
  testkit::CheckCase(TheDialect(), kFolder, GetParam(), kChatRules);
}

TEST_P(Cases, MeansTheSameHoweverTheStreamIsCut) {
  testkit::CheckEveryCut(TheDialect(), kFolder, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Files, Cases, testing::ValuesIn(testkit::CaseNames(kFolder)),
                         [](const auto& info) { return testkit::CaseTitle(info.param); });

}  // namespace
}  // namespace signalbox::openai_chat
