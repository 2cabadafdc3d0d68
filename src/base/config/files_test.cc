// Configurations of several files, with profiles and with secrets from elsewhere, that are right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/outside_testing.h"
#include "base/config/sample_table.h"
#include "base/config/show.h"

namespace signalbox::config::sample {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class FilesTest : public testing::Test {
 protected:
  Loaded<Root> Read(std::string text, std::string profile = "") {
    outside_.files["etc/a.yaml"] = std::move(text);
    auto loaded = Load(RootTable(),
                       {.file = "etc/a.yaml",
                        .environment = Environment(variables_),
                        .profile = std::move(profile)},
                       outside_);
    EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
    return loaded;
  }
  std::vector<std::string> Names(const Loaded<Root>& loaded) {
    std::vector<std::string> out;
    for (const TextInput& file : loaded.files.texts) {
      out.push_back(file.name);
    }
    return out;
  }

  Pretend outside_;
  Environment::Variables variables_;
};

TEST_F(FilesTest, AreJoinedKeyByKey) {
  outside_.files["etc/providers.yaml"] = "providers: {edge: {base_url: 'http://h'}}\n";
  outside_.files["etc/conf.d/10.yaml"] = "server: {limits: {head: 2KiB}}\n";
  outside_.files["etc/conf.d/20.yaml"] =
      "providers: {edge: {local: true}, b: {base_url: 'http://b'}}";
  outside_.files["etc/conf.d/note.txt"] = "not: read\n";
  const auto loaded = Read(
      "include: [providers.yaml, conf.d/*.yaml, none.d/*.yaml]\nserver: {workers: 3, limits: "
      "{fields: 9}}\n");
  EXPECT_THAT(Names(loaded), ElementsAre("etc/a.yaml", "etc/providers.yaml", "etc/conf.d/10.yaml",
                                         "etc/conf.d/20.yaml"));
  EXPECT_EQ(loaded.value.server.workers, 3);
  EXPECT_EQ(loaded.value.server.limits.head, KiB(2));
  EXPECT_EQ(loaded.value.server.limits.fields, 9);
  EXPECT_TRUE(loaded.value.providers.at("edge").local);
  EXPECT_EQ(loaded.value.providers.at("edge").base_url.host, "h");
  EXPECT_EQ(loaded.value.providers.size(), 2U);
  EXPECT_EQ(loaded.sources.Find("providers.edge.local").Text(), "etc/conf.d/20.yaml:1");
}

TEST_F(FilesTest, AreRelativeToTheFileThatIncludes) {
  outside_.files["etc/sub/b.yaml"] = "include: [c.yaml, /abs/d.yaml, '${WHERE}/e.yaml']\n";
  outside_.files["etc/sub/c.yaml"] = "data: c\n";
  outside_.files["/abs/d.yaml"] = "server: {workers: 4}\n";
  outside_.files["etc/sub/env/e.yaml"] = "server: {drain: 4s}\n";
  variables_["WHERE"] = "env";
  const auto loaded = Read("include: sub/b.yaml\n");
  EXPECT_EQ(loaded.value.data, "c");
  EXPECT_EQ(loaded.value.server.workers, 4);
  EXPECT_EQ(loaded.value.server.drain, 4s);
}

TEST_F(FilesTest, ThatWereReadAreKnownEvenWhenTheyAreWrong) {
  outside_.files["etc/b.yaml"] = "dta: x\n";
  outside_.files["etc/a.yaml"] =
      "include: [b.yaml, gone.yaml, d/*]\nproviders: {e: {base_url: 'http://h', key: {file: k}}}\n";
  const auto loaded = Load(RootTable(), {.file = "etc/a.yaml"}, outside_);
  EXPECT_EQ(loaded.problems.size(), 3U) << Text(loaded.problems);
  std::vector<std::string> watched;
  for (const ReadStamp& stamp : loaded.files.stamps) {
    watched.push_back(stamp.path);
  }
  EXPECT_THAT(watched, ElementsAre("etc/a.yaml", "etc/b.yaml", "etc/gone.yaml", "etc/k"));
  ASSERT_EQ(loaded.files.patterns.size(), 1U);
  EXPECT_EQ(loaded.files.patterns[0].pattern, "etc/d/*");
}

constexpr const char* kProfiles = R"(data: base
server: {workers: 2, drain: 2s}
providers:
  edge: {base_url: "http://base", key: "${DEV_KEY}"}
models: {m: {targets: [a, b, c]}}
profiles:
  dev:
  production:
    server: {workers: 9}
    providers:
      edge: {key: "${PROD_KEY}"}
      more: {base_url: "http://more"}
    models: {m: {targets: [x]}}
)";

TEST_F(FilesTest, AProfileReplacesWhatItNamesAndAddsWhatIsNew) {
  variables_["PROD_KEY"] = "p";  // and no DEV_KEY, which nobody needs
  const auto loaded = Read(kProfiles, "production");
  EXPECT_EQ(loaded.value.data, "base");
  EXPECT_EQ(loaded.value.server.workers, 9);
  EXPECT_EQ(loaded.value.server.drain, 2s);
  EXPECT_EQ(loaded.value.providers.at("edge").base_url.host, "base");
  EXPECT_EQ(loaded.value.providers.at("edge").key.Reveal(), "p");
  EXPECT_EQ(loaded.value.providers.at("more").base_url.host, "more");
  EXPECT_THAT(loaded.value.models.at("m").targets, ElementsAre("x"));
  EXPECT_THAT(loaded.profiles, ElementsAre("dev", "production"));
}

TEST_F(FilesTest, WithoutAProfileNoneIsInEffect) {
  variables_["DEV_KEY"] = "d";
  const auto loaded = Read(kProfiles);
  EXPECT_EQ(loaded.value.server.workers, 2);
  EXPECT_EQ(loaded.value.providers.at("edge").key.Reveal(), "d");
  EXPECT_EQ(loaded.value.providers.size(), 1U);
  EXPECT_EQ(loaded.profile, "");
}

TEST_F(FilesTest, TheEnvironmentNamesTheProfileAndTheCommandLineGoesOverIt) {
  variables_ = {{"PROD_KEY", "p"}, {"DEV_KEY", "d"}, {"SIGNALBOX_PROFILE", "production"}};
  EXPECT_EQ(Read(kProfiles).profile, "production");
  EXPECT_EQ(Read(kProfiles, "dev").profile, "dev");
  variables_["SIGNALBOX_PROFILE"] = "";
  EXPECT_EQ(Read(kProfiles).profile, "");
  variables_["SIGNALBOX_PROFILE"] = "prodction";
  const auto loaded =
      Load(RootTable(), {.file = "etc/a.yaml", .environment = Environment(variables_)}, outside_);
  EXPECT_EQ(Text(loaded.problems),
            "SIGNALBOX_PROFILE: names no profile of the configuration; it has dev, production; did "
            "you mean \"production\"?\n");
}

TEST_F(FilesTest, AProfileOfAnIncludedFileCounts) {
  outside_.files["etc/b.yaml"] = "profiles: {p: {data: of-b}}\n";
  const auto loaded =
      Read("include: b.yaml\ndata: of-a\nprofiles: {p: {server: {workers: 5}}}\n", "p");
  EXPECT_EQ(loaded.value.data, "of-b");
  EXPECT_EQ(loaded.value.server.workers, 5);
}

TEST_F(FilesTest, TheEnvironmentGoesOverAProfile) {
  variables_ = {{"PROD_KEY", "p"}, {"SIGNALBOX_SERVER__WORKERS", "7"}};
  EXPECT_EQ(Read(kProfiles, "production").value.server.workers, 7);
}

TEST_F(FilesTest, ShowTellsWhereEveryValueIsFrom) {
  variables_ = {{"PROD_KEY", "p"}, {"SIGNALBOX_DATA", "d"}};
  outside_.files["etc/key"] = "k\n";
  outside_.commands["pass more"] = "c\n";
  outside_.files["etc/b.yaml"] =
      "providers:\n  f: {base_url: 'http://f', key: {file: key}}\n"
      "  c: {base_url: 'http://c', key: {command: [pass, more]}}\n";
  const auto loaded = Read("include: b.yaml\n" + std::string(kProfiles), "production");
  const std::string shown = Show(RootTable(), loaded);
  EXPECT_THAT(shown, HasSubstr("data: \"d\"  # SIGNALBOX_DATA\n"));
  EXPECT_THAT(shown, HasSubstr("workers: 9  # etc/a.yaml:10 (profile production)\n"));
  EXPECT_THAT(shown, HasSubstr("drain: 2s  # etc/a.yaml:3\n"));
  EXPECT_THAT(shown, HasSubstr("key: <set>  # etc/a.yaml:12 (profile production, PROD_KEY)\n"));
  EXPECT_THAT(shown, HasSubstr("key: <set>  # etc/b.yaml:2 (file etc/key)\n"));
  EXPECT_THAT(shown, HasSubstr("key: <set>  # etc/b.yaml:3 (a command)\n"));
  EXPECT_THAT(shown, HasSubstr("seed: 0  # default\n"));
}

TEST_F(FilesTest, SecretsComeFromFilesAndCommands) {
  outside_.files["etc/keys/edge"] = "from-a-file\r\n";
  outside_.files["/run/secrets/store"] = "redis://:pw@h\n";
  outside_.commands["pass show x"] = "printed\n\n";
  outside_.commands["/bin/sh -c pass show ${x} | head"] = "piped";
  variables_["WHO"] = "x";
  const auto loaded = Read(
      "providers:\n"
      "  a: {base_url: 'http://a', key: {file: keys/edge}}\n"
      "  b: {base_url: 'http://b', key: {command: [pass, show, '${WHO}']}}\n"
      "  b2: {base_url: 'http://b', key: {command: [pass, show, x]}}\n"
      "  c: {base_url: 'http://c', key: {command: 'pass show ${x} | head'}}\n"
      "routing: {store: {file: /run/secrets/store}}\n");
  EXPECT_EQ(loaded.value.providers.at("a").key.Reveal(), "from-a-file");
  EXPECT_EQ(loaded.value.providers.at("b").key.Reveal(), "printed");
  EXPECT_EQ(loaded.value.providers.at("b2").key.Reveal(), "printed");
  EXPECT_EQ(loaded.value.providers.at("c").key.Reveal(), "piped");
  EXPECT_EQ(loaded.value.routing.store->user, ":pw");
  EXPECT_EQ(outside_.runs, 2);  // each command once
}

TEST_F(FilesTest, OtherProfilesNeitherReadNorRun) {
  const auto loaded = Read(
      "profiles: {p: {data: '${NO_SUCH}', providers: {e: {key: {command: [pass]}}, "
      "f: {key: {file: nope}}, g: {key: {file: '${NO_SUCH}'}}}}}\n");
  EXPECT_EQ(outside_.runs, 0);
  EXPECT_EQ(loaded.files.stamps.size(), 1U);
  EXPECT_TRUE(loaded.value.providers.empty());
}

TEST_F(FilesTest, ASecretThatEverybodyMayReadGivesAWarning) {
  outside_.world_readable = true;
  outside_.files["etc/k"] = outside_.files["/run/secrets/k"] = "canary-9f3b";
  const auto loaded = Read(
      "providers:\n  a: {base_url: 'http://a', key: {file: k}}\n"
      "  b: {base_url: 'http://b', key: {file: /run/secrets/k}}\n");
  EXPECT_EQ(Text(loaded.warnings),
            "etc/a.yaml:2:41: providers.a.key.file: every user of this machine may read the file; "
            "chmod 600 it\n");
}

TEST_F(FilesTest, TheEnvironmentMayNameASecretsFile) {
  outside_.files["/s/key"] = "abc\n";
  variables_ = {{"SIGNALBOX_PROVIDERS__E__KEY_FILE", "/s/key"},
                {"SIGNALBOX_PROVIDERS__E__BASE_URL", "http://h"}};
  const auto loaded = Read("");
  EXPECT_EQ(loaded.value.providers.at("e").key.Reveal(), "abc");
  EXPECT_EQ(loaded.sources.Find("providers.e.key").Text(), "SIGNALBOX_PROVIDERS__E__KEY_FILE");
}

TEST_F(FilesTest, AVariableForASecretsFileIsCheckedToo) {
  const auto problem = [this](Environment::Variables variables) {
    variables["SIGNALBOX_PROVIDERS__E__BASE_URL"] = "http://h";
    return Text(
        Load(RootTable(), {.environment = Environment(std::move(variables))}, outside_).problems);
  };
  EXPECT_EQ(problem({{"SIGNALBOX_PROVIDERS__E__KEY_FILE", "/nope"}}),
            "SIGNALBOX_PROVIDERS__E__KEY_FILE: the file cannot be opened: No such file or "
            "directory\n");
  EXPECT_EQ(problem({{"SIGNALBOX_PROVIDERS__E__KEY_FILE", "/s/key"},
                     {"SIGNALBOX_PROVIDERS__E__KEY", "k"}}),
            "SIGNALBOX_PROVIDERS__E__KEY_FILE: SIGNALBOX_PROVIDERS__E__KEY is set too; keep one of "
            "them\n");
  EXPECT_THAT(problem({{"SIGNALBOX_PROVIDERS__E__TYPE_FILE", "/s/key"}}),
              HasSubstr("SIGNALBOX_PROVIDERS__E__TYPE_FILE: names no option"));
}

TEST_F(FilesTest, SecretsFromElsewhereAreInNoOutput) {
  outside_.files["etc/k"] = "canary-9f3b";
  outside_.commands["pass"] = "canary-9f3b";
  const auto loaded = Read(
      "providers:\n  a: {base_url: 'http://a', key: {file: k}}\n"
      "  b: {base_url: 'http://b', key: {command: [pass]}}\n");
  EXPECT_THAT(Show(RootTable(), loaded), Not(HasSubstr("canary")));
  EXPECT_THAT(ShowAsJson(RootTable(), loaded), Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace signalbox::config::sample
