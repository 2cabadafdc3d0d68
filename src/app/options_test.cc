#include "app/options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/snapshot.h"
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
  const auto loaded =
      Prepare({.file = name, .environment = config::Environment(std::move(variables))},
              {.look_for_local_servers = false})
          .loaded;
  std::filesystem::remove(name);
  return loaded.ok() ? "" : config::Text(loaded.problems);
}

TEST(Options, NothingIsRequired) {
  const auto loaded = LoadOptions({});
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
  EXPECT_NE(Problems("server: { tls: { cert: a.pem, key: b.pem } }\n").find("a.pem: No such file"),
            std::string::npos);
}

TEST(Options, AddressesOfStoresAreChecked) {
  EXPECT_EQ(Problems("store: { records: \"postgresql://u:p@h/d\", shared: \"redis://h\" }\n"), "");
  const std::string wrong =
      Problems("store: { records: \"mysql://u:hush@h/d\", schema: public, shared: hush }\n");
  EXPECT_NE(wrong.find("store.records: is no address of a PostgreSQL"), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("store.schema: "), std::string::npos) << wrong;
  EXPECT_NE(wrong.find("store.shared: "), std::string::npos) << wrong;
  EXPECT_EQ(wrong.find("hush"), std::string::npos) << "an address may hold a password";
}

TEST(Options, StoresComeFromTheEnvironmentOnlyWhenAskedFor) {
  const config::Environment::Variables variables = {{"DATABASE_URL", "mysql://h"},
                                                    {"REDIS_URL", "hush"}};
  EXPECT_EQ(Problems("log: {}\n", variables), "");
  const std::string taken = Problems("store: env\n", variables);
  EXPECT_NE(taken.find("store.records"), std::string::npos) << taken;
  EXPECT_NE(taken.find("store.shared"), std::string::npos) << taken;
  EXPECT_NE(Problems("store: env\n").find("neither DATABASE_URL nor REDIS_URL"), std::string::npos);
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

TEST(Options, MistakesOfEverySectionAreToldAtOnce) {
  const std::string text = Problems(
      "providers:\n  mine: { key: x }\n  edge: { base_url: \"http://127.0.0.1:1/v1\", kye: none }\n"
      "models: { fast: { targets: [nobody/m] } }\nserver: { listen: \"0.0.0.0:1\" }\nmodles: {}\n");
  for (const char* part :
       {":2:3: providers.mine: base_url is missing", ":3:46: unknown key \"kye\"", ":4:", "nobody",
        ":5:11: server.listen: listens beyond", ":6:1: unknown key \"modles\""}) {
    EXPECT_NE(text.find(part), text.npos) << part << "\nin\n" << text;
  }
}

TEST(Options, WhatCouldNotBeReadIsNotComplainedOfTwice) {
  const std::string text = Problems(
      "server: { listen: \"0.0.0.0:1\" }\naccess: { key: \"${NO_SUCH_VARIABLE}\" }\n"
      "providers: { edge: { base_url: 5x } }\n");
  EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
}

TEST(Options, EveryExampleConfigurationLoads) {
  int loaded_files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "configs")) {
    if (entry.path().extension() != ".yaml" ||
        entry.path().filename().string().starts_with("sim-")) {
      continue;  // sim-…: scripts of the simulated provider
    }
    const auto prepared =
        Prepare({.file = entry.path().string(),
                 .environment = config::Environment({{"OPENAI_API_KEY", "sk-test"}})},
                {.look_for_local_servers = false});
    EXPECT_TRUE(prepared.snapshot) << config::Text(prepared.loaded.problems);
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
