#include "surface/cli/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "surface/cli/command_samples.h"

namespace signalbox::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Page() {
  const SampleApp sample;
  return ManPage(TreeOf(sample.app), "1.2.3", "2026-08-01");
}

TEST(ManPage, HasTheUsualSectionsAndEveryCommand) {
  const std::string page = Page();
  for (const char* section : {"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "EXIT STATUS",
                              "ENVIRONMENT", "FILES", "SIGNALS", "EXAMPLES"}) {
    EXPECT_THAT(page, HasSubstr(std::string(".SH ") + section + "\n"));
  }
  EXPECT_THAT(page, HasSubstr(".TH SIGNALBOX 1 2026-08-01 \"signalbox 1.2.3\"\n"));
  EXPECT_THAT(page, HasSubstr(".SS signalbox models list [OPTIONS] [models...]\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-c\\fR, \\fB\\-\\-config\\fR \\fIFILE\\fR\n"));
  EXPECT_THAT(page, HasSubstr("\\fBSIGNALBOX_KEY\\fR\n"));
  EXPECT_THAT(page, Not(HasSubstr("Names for shells")));
}

TEST(ManPage, NoLineIsTakenForARequestThatIsNone) {
  std::istringstream lines(Page());
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    if (line.starts_with('.')) {
      const std::string request = line.substr(1, line.find(' ') - 1);
      EXPECT_THAT((std::vector<std::string>{"TH", "SH", "SS", "TP", "B", "\\\""}),
                  testing::Contains(request))
          << line;
    }
    EXPECT_FALSE(line.starts_with('\'')) << line;
  }
}

}  // namespace
}  // namespace signalbox::cli
