#include "surface/cli/doctor_report.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/json/document.h"

namespace signalbox::cli {
namespace {

DoctorReport Sample() {
  DoctorReport report;
  report.Ok("machine", "program", "signalbox 0.1.0");
  report.Bad("providers", "edge", "the key was refused (401) by api.example.com within 120 ms",
             "set providers.edge.key to one that the vendor has not withdrawn");
  report.Warn("machine", "port", "taken", "stop it");
  report.Skip("providers", "sim", "built in");
  return report;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    out.push_back(line);
  }
  return out;
}

TEST(DoctorReport, PutsTheFindingsOfAnAreaTogetherAndCountsAtTheEnd) {
  EXPECT_EQ(Sample().Text({}),
            "machine\n"
            "       ok  program  signalbox 0.1.0\n"
            "  warning  port     taken\n"
            "                    -> stop it\n"
            "\n"
            "providers\n"
            "      bad  edge     the key was refused (401) by api.example.com within 120 ms\n"
            "                    -> set providers.edge.key to one that the vendor has not "
            "withdrawn\n"
            "  skipped  sim      built in\n"
            "\n"
            "1 bad, 1 warning, 1 ok, 1 skipped\n");
}

TEST(DoctorReport, FitsANarrowTerminal) {
  for (const int columns : {40, 59, 60, 80}) {
    for (const std::string& line : Lines(Sample().Text({.columns = columns}))) {
      EXPECT_LE(Width(line), columns) << line;
    }
  }
  const std::string narrow = Sample().Text({.columns = 40});
  EXPECT_NE(narrow.find("bad  edge\n           the key was refused"), std::string::npos) << narrow;
}

TEST(DoctorReport, HasColoursWhereTheTerminalHasThem) {
  EXPECT_EQ(Sample().Text({}).find('\x1B'), std::string::npos);
  EXPECT_NE(Sample().Text({.columns = 80, .colour = true}).find("\x1B[31mbad"), std::string::npos);
}

TEST(DoctorReport, IsAsBadAsItsWorstFindingAndNoWorseForWhatWasLeftOut) {
  DoctorReport report;
  EXPECT_EQ(report.state(), CheckState::kOk);
  report.Skip("a", "b", "c");
  EXPECT_EQ(report.state(), CheckState::kOk);
  report.Warn("a", "b", "c", "d");
  EXPECT_EQ(report.state(), CheckState::kWarning);
  report.Add(Sample());
  EXPECT_EQ(report.state(), CheckState::kBad);
  EXPECT_EQ(report.Count(CheckState::kWarning), 2U);
}

TEST(DoctorReport, IsOneJsonObjectForPrograms) {
  const std::string text = Sample().Json();
  json::Document document;
  ASSERT_TRUE(document.Parse(text)) << text;
  EXPECT_EQ(document.Root().Find("state")->AsString(), "bad");
  const auto checks = *document.Root().Find("checks");
  ASSERT_EQ(checks.CountChildren(), 4U);
  const auto first = *checks.FirstChild();
  EXPECT_EQ(first.Find("area")->AsString(), "machine");
  EXPECT_EQ(first.Find("state")->AsString(), "ok");
  EXPECT_TRUE(first.Find("next")->IsNull());
  EXPECT_EQ(first.NextIn(checks)->Find("next")->AsString(),
            "set providers.edge.key to one that the vendor has not withdrawn");
}

}  // namespace
}  // namespace signalbox::cli
