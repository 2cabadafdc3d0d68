#include "surface/cli/doctor_targets.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

DoctorReport Judged(std::string_view body) {
  DoctorReport report;
  JudgeTargets(body, "targets", report);
  return report;
}

TEST(DoctorTargets, AllWellIsOneLine) {
  const auto report = Judged(R"({"providers":[{"name":"edge","state":"closed","calls":3,
      "failures":0,"models":[{"name":"m","state":"closed"}],
      "keys":[{"label":"key","state":"closed"}]}]})");
  ASSERT_EQ(report.findings().size(), 1U);
  EXPECT_EQ(report.state(), CheckState::kOk);
  EXPECT_NE(report.findings()[0].found.find("providers: 1"), std::string::npos);
}

TEST(DoctorTargets, NamesWhatFailsAndUntilWhen) {
  const auto report = Judged(R"({"providers":[{"name":"edge","state":"open","open_for_ms":4200,
      "calls":20,"failures":18,"models":[{"name":"m","state":"half_open","calls":5,"failures":5}],
      "keys":[{"label":"a","state":"closed","rests_for_ms":1500}]}]})");
  ASSERT_EQ(report.findings().size(), 3U);
  EXPECT_EQ(report.state(), CheckState::kWarning);
  EXPECT_EQ(report.findings()[0].check, "edge");
  EXPECT_EQ(report.findings()[0].found,
            "fails: 18 of the last 20 calls; its breaker is open, tried again in 5 s");
  EXPECT_EQ(report.findings()[1].check, "edge/m");
  EXPECT_EQ(report.findings()[2].check, "edge key a");
  EXPECT_NE(report.findings()[2].found.find("rests for 2 s"), std::string::npos);
}

TEST(DoctorTargets, AnAnswerOfSomebodyElseIsSaid) {
  EXPECT_EQ(Judged("<html>").state(), CheckState::kWarning);
  EXPECT_EQ(Judged("{}").state(), CheckState::kWarning);
}

}  // namespace
}  // namespace signalbox::cli
