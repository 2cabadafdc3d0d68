#include "app/options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/config/show.h"

namespace signalbox::app {
namespace {

const std::filesystem::path kRoot = SB_SOURCE_DIR;

// What is wrong with `yaml`, all problems together; empty when nothing is.
std::string Problems(const std::string& yaml, config::Environment::Variables variables = {}) {
  std::string name = (std::filesystem::temp_directory_path() / "options-XXXXXX").string();
  const int fd = mkstemp(name.data());
  EXPECT_EQ(write(fd, yaml.data(), yaml.size()), static_cast<ssize_t>(yaml.size()));
  close(fd);
  const auto loaded = LoadOptions(name, config::Environment(std::move(variables)), {});
  std::filesystem::remove(name);
  return loaded.ok() ? "" : config::Text(loaded.problems);
}

TEST(Options, NothingIsRequired) {
  const auto loaded = LoadOptions({}, config::Environment(), {});
  EXPECT_TRUE(loaded.ok()) << config::Text(loaded.problems);
  EXPECT_TRUE(loaded.value.access.key.empty());
  EXPECT_EQ(loaded.value.server.listen.host, "127.0.0.1");
}

// P33: without a credential nobody but this machine is served.
TEST(Options, WithoutAKeyItListensOnThisMachineOnly) {
  for (const char* host : {"127.0.0.1", "127.0.0.2", "localhost", "[::1]"}) {
    EXPECT_EQ(Problems("server: { listen: \"" + std::string(host) + ":1\" }\n"), "") << host;
  }
  for (const char* host : {"0.0.0.0", "192.168.1.2", "[::]", "example.test"}) {
    const std::string yaml = "server: { listen: \"" + std::string(host) + ":1\" }\n";
    EXPECT_NE(Problems(yaml).find("server.listen"), std::string::npos) << host;
    EXPECT_NE(Problems(yaml).find(":1:"), std::string::npos) << "the line";
    EXPECT_EQ(Problems(yaml + "access: { key: 0123456789abcdef }\n"), "") << host;
    EXPECT_NE(Problems(yaml + "access: { key: \"${KEY}\" }\n", {{"KEY", ""}}), "") << host;
  }
  EXPECT_NE(Problems("access: { key: short }\n"), "");
}

TEST(Options, ACertificateAndItsKeyGoTogether) {
  EXPECT_NE(Problems("server: { tls: { cert: a.pem } }\n").find("server.tls"), std::string::npos);
  EXPECT_NE(Problems("server: { tls: { key: a.pem } }\n").find("server.tls"), std::string::npos);
  EXPECT_EQ(Problems("server: { tls: { cert: a.pem, key: b.pem } }\n"), "");
}

TEST(Options, AProviderSaysWhereItIsAndWithWhatKey) {
  const auto providers = [](const std::string& entry) {
    return Problems("providers:\n  " + entry + "\n");
  };
  EXPECT_EQ(providers("edge: { base_url: \"http://127.0.0.1:9/v1\" }"), "");
  EXPECT_EQ(providers("openai: { key: sk-1 }"), "");
  EXPECT_EQ(providers("openai: { key: none }"), "");
  EXPECT_EQ(providers("openai: { base_url: \"http://127.0.0.1:9/v1\" }"), "");
  EXPECT_EQ(providers("mine: { type: sim }"), "");
  EXPECT_EQ(providers("sim: {}"), "");
  EXPECT_NE(providers("edge: {}").find("base_url is missing"), std::string::npos);
  EXPECT_NE(providers("edge: { base_url: \"http://a/v1?x=1\" }").find("no query"),
            std::string::npos);
  EXPECT_NE(providers("\"a/b\": { base_url: \"http://a/v1\" }").find("slash"), std::string::npos);
  EXPECT_NE(providers("edge: { base_url: \"ftp://a/v1\" }"), "");
}

TEST(Options, EveryExampleConfigurationLoads) {
  int loaded_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "configs")) {
    if (entry.path().extension() != ".yaml" ||
        entry.path().filename().string().starts_with("sim-")) {
      continue;  // sim-…: scripts of the simulated provider
    }
    const auto loaded = LoadOptions(entry.path().string(),
                                    config::Environment({{"OPENAI_API_KEY", "sk-test"}}), {});
    EXPECT_TRUE(loaded.ok()) << config::Text(loaded.problems);
    const request::Targets targets(
        [&] {
          std::vector<providers::Provider> made;
          for (const auto& [name, options] : loaded.value.providers) {
            made.push_back(providers::MakeProvider(name, options));
          }
          return made;
        }(),
        loaded.value.models, loaded.value.routing);
    EXPECT_TRUE(targets.problems().empty()) << entry.path();
    ++loaded_files;
  }
  EXPECT_GE(loaded_files, 3);
}

// `signalbox config reference > docs/configuration.md` makes it equal again.
TEST(Options, TheReferencePageIsUpToDate) {
  std::ifstream file(kRoot / "docs" / "configuration.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_TRUE(page.str() == config::Reference(RootTable()))
      << "docs/configuration.md differs from what `signalbox config reference` prints";
}

}  // namespace
}  // namespace signalbox::app
