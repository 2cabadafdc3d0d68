// A hundred mistakes in one file: all of them are told at once, each at its line, in order.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/config/load.h"
#include "base/config/sample_table.h"

namespace signalbox::config::sample {
namespace {

struct Mistake {
  const char* line;      // of the entry
  const char* expected;  // after "test.yaml:LINE:", of provider NAME
};

const Mistake kOfAProvider[] = {
    {"kee: x", "5: unknown key \"kee\" in providers.{0}; did you mean \"key\"?"},
    {"base_url: ftp://h",
     "15: providers.{0}.base_url: expected an address that begins with "
     "http:// or https:// and names a host"},
    {"local: yes", "12: providers.{0}.local: expected true or false; did you mean \"true\"?"},
    {"timeout: 10",
     "14: providers.{0}.timeout: expected a duration from 1s to 7d, such as 300ms, "
     "10s, 5m, 2h or 7d"},
    {"key: ${{NO_SUCH}}",
     "10: providers.{0}.key: the environment variable NO_SUCH is not set; set it, or write "
     "${{NO_SUCH:-default}}"},
};

TEST(HundredMistakes, OfOneFileAreToldAtOnce) {
  std::string text = "providers:\n";
  std::string expected;
  int line = 1;
  for (int i = 0; i < 20; ++i) {
    const std::string name = fmt::format("p{:02}", i);
    text += fmt::format("  {}:\n", name);
    ++line;
    for (const Mistake& mistake : kOfAProvider) {
      text += "    " + fmt::format(fmt::runtime(mistake.line)) + "\n";
      expected += fmt::format("test.yaml:{}:{}\n", ++line,
                              fmt::format(fmt::runtime(mistake.expected), name));
    }
  }
  const auto loaded = LoadText(RootTable(), TextInput{"test.yaml", text});
  EXPECT_EQ(loaded.problems.size(), 100U);
  EXPECT_EQ(Text(loaded.problems), expected);
}

}  // namespace
}  // namespace signalbox::config::sample
