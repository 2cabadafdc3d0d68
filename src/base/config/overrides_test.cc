// Values from the environment and the command line.
#include "base/config/overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/sample_table.h"

namespace signalbox::config::sample {
namespace {

using testing::ElementsAre;

constexpr const char* kFile =
    "data: file\nserver: {workers: 2}\nproviders:\n"
    "  my-edge: {base_url: 'http://h'}\nmodels: {gpt-4.1: {targets: [a]}}\n";

Loaded<Root> Read(Environment::Variables variables, const std::vector<Override>& overrides = {}) {
  return LoadText(RootTable(), TextInput{"test.yaml", kFile}, Environment(std::move(variables)),
                  overrides);
}

// The only problem's text.
std::string Problem(Environment::Variables variables, const std::vector<Override>& overrides = {}) {
  const auto loaded = Read(std::move(variables), overrides);
  return loaded.problems.size() == 1 ? loaded.problems[0].Text() : Text(loaded.problems);
}

TEST(Overrides, TheEnvironmentGoesOverTheFile) {
  const auto loaded = Read({{"SIGNALBOX_DATA", "env"},
                            {"SIGNALBOX_SERVER__WORKERS", "7"},
                            {"SIGNALBOX_SERVER__ACCESS_LOG", "true"},
                            {"SIGNALBOX_SERVER__LIMITS__HEAD", "8KiB"},
                            {"SIGNALBOX_SERVER__METRICS", "localhost:9090"}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.data, "env");
  EXPECT_EQ(loaded.value.server.workers, 7);
  EXPECT_TRUE(loaded.value.server.access_log);
  EXPECT_EQ(loaded.value.server.limits.head, KiB(8));
  EXPECT_EQ(loaded.value.server.metrics, (HostPort{"localhost", 9090}));
  EXPECT_EQ(loaded.sources.Find("server.workers").Text(), "SIGNALBOX_SERVER__WORKERS");
}

TEST(Overrides, FindEntriesByTheirNamesInCapitals) {
  const auto loaded = Read({{"SIGNALBOX_PROVIDERS__MY_EDGE__KEY", "k"},
                            {"SIGNALBOX_MODELS__GPT_4_1__TARGETS", "x, y/z ,w"}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.providers.size(), 1U);
  EXPECT_EQ(loaded.value.providers.at("my-edge").key.Reveal(), "k");
  EXPECT_THAT(loaded.value.models.at("gpt-4.1").targets, ElementsAre("x", "y/z", "w"));
}

TEST(Overrides, MakeAnEntryThatTheFileDoesNotHave) {
  const auto loaded = Read({{"SIGNALBOX_PROVIDERS__OTHER__BASE_URL", "http://o"},
                            {"SIGNALBOX_PROVIDERS__OTHER__LOCAL", "true"}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.providers.at("other").base_url.host, "o");
  EXPECT_TRUE(loaded.value.providers.at("other").local);
  EXPECT_EQ(
      Problem({{"SIGNALBOX_PROVIDERS__OTHER__LOCAL", "true"}}),
      "test.yaml:3:1: providers.other.base_url is required: an address that begins with http:// "
      "or https:// and names a host");
}

TEST(Overrides, AnEmptyVariableIsNotSet) {
  const auto loaded = Read({{"SIGNALBOX_DATA", ""}, {"SIGNALBOX_SERVER__WORKERS", ""}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.data, "file");
}

TEST(Overrides, LeaveOtherPeoplesVariablesAlone) {
  const auto loaded = Read({{"SIGNALBOX_PORT", "tcp://10.0.0.1:8080"},
                            {"SIGNALBOX_PORT_8080_TCP_ADDR", "10.0.0.1"},
                            {"SIGNALBOX_SERVER", "x"},
                            {"SIGNALBOX_", "x"},
                            {"SIGNALBOXES__A", "x"},
                            {"PATH", "/bin"}});
  EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
}

TEST(Overrides, AMisspeltVariableIsAProblemWithASuggestion) {
  EXPECT_EQ(Problem({{"SIGNALBOX_SERVER__LISEN", "h:1"}}),
            "SIGNALBOX_SERVER__LISEN: names no option; did you mean \"SIGNALBOX_SERVER__LISTEN\"?");
  EXPECT_EQ(Problem({{"SIGNALBOX_SERVR__LISTEN", "h:1"}}),
            "SIGNALBOX_SERVR__LISTEN: names no option; did you mean \"SIGNALBOX_SERVER__LISTEN\"?");
  EXPECT_EQ(Problem({{"SIGNALBOX_PROVIDERS__MY_EDGE__BASEURL", "http://h"}}),
            "SIGNALBOX_PROVIDERS__MY_EDGE__BASEURL: names no option; did you mean "
            "\"SIGNALBOX_PROVIDERS__MY_EDGE__BASE_URL\"?");
  EXPECT_EQ(Problem({{"SIGNALBOX_DATA__X", "y"}}).substr(0, 37),
            "SIGNALBOX_DATA__X: names no option; d");
}

TEST(Overrides, ASectionIsNoOption) {
  const std::string message = ": names a section, not an option in it";
  for (const char* name : {"SIGNALBOX_SERVER__LIMITS", "SIGNALBOX_PROVIDERS__MY_EDGE",
                           "SIGNALBOX_PROVIDERS__MY_EDGE__"}) {
    EXPECT_EQ(Problem({{name, "y"}}), name + message);
  }
}

TEST(Overrides, AWrongValueNamesTheVariableAndNeverItsContents) {
  EXPECT_EQ(Problem({{"SIGNALBOX_SERVER__WORKERS", "canary-9f3b"}}),
            "SIGNALBOX_SERVER__WORKERS: expected a whole number from 1 to 256, or auto");
  EXPECT_EQ(Problem({{"SIGNALBOX_ROUTING__FLOOR", "midium"}}),
            "SIGNALBOX_ROUTING__FLOOR: expected low, medium or high; did you mean \"medium\"?");
  EXPECT_EQ(Problem({{"SIGNALBOX_DATA", "a\xff"}}), "SIGNALBOX_DATA: is not UTF-8 text");
}

TEST(Overrides, TheCommandLineGoesOverAll) {
  const auto loaded =
      Read({{"SIGNALBOX_SERVER__LISTEN", "h:1"}}, {{"server.listen", "127.0.0.1:0", "--listen"}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.server.listen, (HostPort{"127.0.0.1", 0}));
  EXPECT_EQ(loaded.sources.Find("server.listen").Text(), "--listen");
  EXPECT_EQ(Problem({}, {{"server.listen", "8080", "--listen"}}).substr(0, 20),
            "--listen: expected a");
  EXPECT_EQ(Problem({}, {{"server.lisen", "h:1", "--listen"}}), "--listen: names no option");
}

TEST(Overrides, AProcessHasAnEnvironment) {
  EXPECT_TRUE(Environment::FromProcess().Find("PATH").has_value());
  EXPECT_FALSE(Environment::FromProcess().Find("SIGNALBOX_NO_SUCH_VARIABLE").has_value());
}

}  // namespace
}  // namespace signalbox::config::sample
