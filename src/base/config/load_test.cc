// Configurations that are right, and what reading them leaves behind.
#include "base/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/config/sample_table.h"
#include "base/config/yaml.h"

namespace signalbox::config::sample {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Loaded<Root> Read(std::string text, Environment::Variables variables = {}) {
  return LoadText(RootTable(), TextInput{"test.yaml", std::move(text)},
                  Environment(std::move(variables)));
}

TEST(Load, NoFileIsAValidConfiguration) {
  const auto loaded = Load(RootTable(), std::nullopt, {});
  EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.server.listen, (HostPort{"127.0.0.1", 8080}));
  EXPECT_TRUE(loaded.sources.all().empty());
  EXPECT_EQ(loaded.sources.Find("server.listen").Text(), "default");
}

TEST(Load, EmptyTextsAreValidConfigurations) {
  for (const char* text :
       {"", "\n", "# only a comment\n", "---\n", "{}", "~\n", "server:\n",
        "server:\n  # listen: later\nproviders:\nmodels: {}\n", "--- {}\n...\n"}) {
    const auto loaded = Read(text);
    EXPECT_TRUE(loaded.ok()) << text << Text(loaded.problems);
  }
}

TEST(Load, ReadsEveryKindOfOption) {
  const auto loaded = Read(R"(
data: /var/lib/signalbox
server:
  listen: "[::1]:0"
  metrics: 0.0.0.0:9090
  workers: 4
  drain: 1500ms
  access_log: true
  limits: {head: 32KiB, fields: 200, body: 1GB}
providers:
  edge: {type: openai, base_url: "http://127.0.0.1:9001/v1?a=b", key: sk-1, local: true, timeout: 5m}
  '@cf/x:y': {base_url: HTTPS://Example.com}
models:
  fast:
    targets:
      - openai/gpt-4o-mini
      - edge/llama-4-scout
    weight: 2.5e-1
routing: {enabled: false, percentage: 12.5, floor: high, offset: -9223372036854775808,
          seed: 18446744073709551615, store: "redis://u:pa@h:6379/0"}
)");
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  const Root& root = loaded.value;
  EXPECT_EQ(root.data, "/var/lib/signalbox");
  EXPECT_EQ(root.server.listen, (HostPort{"::1", 0}));
  EXPECT_EQ(root.server.metrics, (HostPort{"0.0.0.0", 9090}));
  EXPECT_EQ(root.server.workers, 4);
  EXPECT_EQ(root.server.drain, 1500ms);
  EXPECT_TRUE(root.server.access_log);
  EXPECT_EQ(root.server.limits.head, KiB(32));
  EXPECT_EQ(root.server.limits.fields, 200);
  EXPECT_EQ(root.server.limits.body, ByteSize{1'000'000'000});
  const Provider& edge = root.providers.at("edge");
  EXPECT_EQ(edge.base_url.host, "127.0.0.1");
  EXPECT_EQ(edge.base_url.port, 9001);
  EXPECT_EQ(edge.base_url.path, "/v1?a=b");
  EXPECT_EQ(edge.key.Reveal(), "sk-1");
  EXPECT_EQ(edge.timeout, 5min);
  EXPECT_EQ(root.providers.at("@cf/x:y").base_url.scheme, "https");
  EXPECT_EQ(root.providers.at("@cf/x:y").base_url.port, 443);
  EXPECT_THAT(root.models.at("fast").targets,
              ElementsAre("openai/gpt-4o-mini", "edge/llama-4-scout"));
  EXPECT_EQ(root.models.at("fast").weight, 0.25);
  EXPECT_FALSE(root.routing.enabled);
  EXPECT_EQ(root.routing.floor, Tier::kHigh);
  EXPECT_EQ(root.routing.offset, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(root.routing.seed, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(root.routing.store->user, "u:pa");
  EXPECT_EQ(root.routing.store->text, "redis://h:6379/0");
}

TEST(Load, TakesAWordForANumberAndPlainScalarsForText) {
  const auto loaded = Read(
      "server: {workers: auto}\nproviders: {e: {base_url: 'http://h', key: 0123, "
      "type: true}}\ndata: |\n  two\n  lines\n");
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.server.workers, 0);
  EXPECT_EQ(loaded.value.providers.at("e").key.Reveal(), "0123");
  EXPECT_EQ(loaded.value.providers.at("e").type, "true");
  EXPECT_EQ(loaded.value.data, "two\nlines\n");
}

TEST(Load, KnowsAnchorsAndAliases) {
  const auto loaded = Read(
      "providers:\n  a: &a {base_url: 'http://h', timeout: 2s}\n  b: *a\n"
      "models: {m: {targets: [&t x, *t]}}\n");
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.providers.at("b").timeout, 2s);
  EXPECT_THAT(loaded.value.models.at("m").targets, ElementsAre("x", "x"));
  EXPECT_EQ(loaded.sources.Find("providers.b").line, 3);
}

TEST(Load, ListsEveryProblemInTheOrderOfTheFile) {
  const auto loaded = Read(
      "routing: {floor: hihg}\nserver:\n  listen: here\n  wrkers: 2\n"
      "  wrkers: 3\nproviders:\n  a: {}\n  b: {base_url: '${NOPE}'}\n",
      {{"SIGNALBOX_SERVER__DRAIN", "soon"}});
  EXPECT_EQ(Text(loaded.problems),
            "test.yaml:1:18: routing.floor: expected low, medium or high; did you mean \"high\"?\n"
            "test.yaml:3:11: server.listen: expected a host and a port, such as 127.0.0.1:8080, "
            "[::1]:8080 or localhost:8080\n"
            "test.yaml:4:3: unknown key \"wrkers\" in server; did you mean \"workers\"?\n"
            "test.yaml:5:3: duplicate key \"wrkers\", first written in line 4\n"
            "test.yaml:7:3: providers.a.base_url is required: an address that begins with http:// "
            "or https:// and names a host\n"
            "test.yaml:8:17: providers.b.base_url: the environment variable NOPE is not set; set "
            "it, or write "
            "${NOPE:-default}\n"
            "SIGNALBOX_SERVER__DRAIN: expected a duration from 1s to 1h, such as 300ms, 10s, 5m, "
            "2h or 7d\n");
}

TEST(Load, BadYamlIsOneProblemAndDoesNotHideTheEnvironments) {
  const auto loaded = Read("providers: {a: {}\n", {{"SIGNALBOX_SERVER__LISTEN", "x"}});
  ASSERT_EQ(loaded.problems.size(), 2U) << Text(loaded.problems);
  EXPECT_TRUE(loaded.problems[0].fatal);
  EXPECT_EQ(loaded.problems[1].source.name, "SIGNALBOX_SERVER__LISTEN");
}

TEST(Load, PutsVariablesIntoValues) {
  const auto loaded = Read(
      "data: ${HOME_DIR}/${SUB:-data}${EMPTY:-!}$${HOME_DIR}$5\nserver: {workers: '${N}'}\n"
      "models: {m: {targets: ['${N}', b]}}\n",
      {{"HOME_DIR", "/srv: [x"}, {"N", "3"}, {"EMPTY", ""}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  EXPECT_EQ(loaded.value.data, "/srv: [x/data!${HOME_DIR}$5");
  EXPECT_EQ(loaded.value.server.workers, 3);
  EXPECT_THAT(loaded.value.models.at("m").targets, ElementsAre("3", "b"));
  EXPECT_EQ(loaded.sources.Find("data").Text(), "test.yaml:1 (HOME_DIR)");
}

TEST(Load, OnlyTheFirstHundredMistakesGetSuggestions) {
  Environment::Variables variables;
  for (int i = 0; i < 200; ++i) {
    variables["SOME_LONG_VARIABLE_NAME_" + std::to_string(i)] = "x";
  }
  std::string text = "models: {m: {targets: [";
  for (int i = 0; i < 20'000; ++i) {
    text += "'${SOME_LONG_VARIABLE_NAM_X" + std::to_string(i) + "}', ";
  }
  const auto loaded = Read(text + "]}}\n", std::move(variables));
  ASSERT_EQ(loaded.problems.size(), 20'000U);
  EXPECT_NE(loaded.problems.front().suggestion, "");
  EXPECT_NE(loaded.problems[99].suggestion, "");
  EXPECT_EQ(loaded.problems[100].suggestion, "");
}

TEST(Load, RefusesVariablesThatGrowWithoutEnd) {
  std::string text = "data: '";
  for (int i = 0; i < 2000; ++i) {
    text += "${X}";
  }
  const auto loaded = Read(text + "'\n", {{"X", std::string(1000, 'x')}});
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_THAT(loaded.problems[0].Text(), HasSubstr("longer than a whole configuration"));
}

TEST(Load, ReadsAFileAndNamesItInProblems) {
  const std::string path = testing::TempDir() + "config_" + std::to_string(getpid()) + ".yaml";
  std::ofstream(path) << "data: x\nserver: {workers: 0}\n";
  const auto loaded = Load(RootTable(), path, {});
  unlink(path.c_str());
  EXPECT_EQ(loaded.value.data, "x");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].Text().starts_with(path + ":2:19: ")) << Text(loaded.problems);
}

TEST(Load, AFileThatCannotBeReadIsAProblem) {
  const auto missing = Load(RootTable(), "/nowhere/signalbox.yaml", {});
  EXPECT_EQ(Text(missing.problems),
            "/nowhere/signalbox.yaml: cannot be opened: No such file or directory\n");
  const auto folder = Load(RootTable(), testing::TempDir(), {});
  ASSERT_EQ(folder.problems.size(), 1U);
  EXPECT_THAT(folder.problems[0].message, HasSubstr("cannot be read"));
}

// Their keys are judged where the product's tables are known; here, that they are clean YAML.
TEST(Load, TheSampleConfigurationsAreCleanYaml) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SB_SOURCE_DIR "/configs")) {
    if (entry.path().extension() != ".yaml") {
      continue;
    }
    std::vector<Problem> problems;
    const auto input = ReadInput(entry.path(), problems);
    ASSERT_TRUE(input) << Text(problems);
    const auto tree = ParseYaml(input->name, input->text, problems);
    EXPECT_TRUE(problems.empty()) << Text(problems);
    EXPECT_EQ(tree->kind, YamlNode::Kind::kMap) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 3);
}

TEST(Load, ComplaintsOfTheApplicationStandWhereTheValueWasWritten) {
  auto loaded = Read("models:\n  m:\n    targets:\n      - nobody/x\n");
  loaded.Complain("models.m.targets[0]", "no such provider", "somebody");
  loaded.Complain("server.listen", "is not loopback");
  EXPECT_EQ(Text(loaded.problems),
            "test.yaml:4:9: models.m.targets[0]: no such provider; did you mean \"somebody\"?\n"
            "server.listen: is not loopback\n");
}

}  // namespace
}  // namespace signalbox::config::sample
