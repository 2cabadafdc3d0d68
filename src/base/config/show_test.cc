// What is printed: the configuration in effect, the reference page, the schema. And what never is.
#include "base/config/show.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/config/sample_table.h"
#include "base/json/document.h"

namespace signalbox::config::sample {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kCanary = "canary-9f3b";

Loaded<Root> Read(std::string text, Environment::Variables variables = {}) {
  return LoadText(RootTable(), TextInput{"test.yaml", std::move(text)},
                  Environment(std::move(variables)));
}

constexpr const char* kFull = R"(data: "a ${b: $${X} \"q\" ü # no comment"
server: {listen: "[::1]:81", workers: 3, drain: 90s, limits: {head: 1000KB, body: 1GiB}}
providers:
  edge: {base_url: "http://h/v1", key: "${KEY}"}
  "null": {base_url: "http://n"}
  "1/2": {base_url: "http://o"}
models:
  gpt-4.1: {targets: ["a: b", "$${x}", "#c"], weight: 0.1}
routing: {percentage: 33.3, floor: medium, offset: -5, store: "rediss://:canary-9f3b@h"}
)";

TEST(Show, LoadsBackEqual) {
  std::string text = kFull;
  text.replace(text.find("a ${b:"), 6, "a $${b:");
  const auto first = Read(text, {{"KEY", "k"}});
  ASSERT_TRUE(first.ok()) << Text(first.problems);
  std::string shown = Show(RootTable(), first);
  // Secrets are the one thing that cannot come back.
  for (std::size_t at; (at = shown.find("<set>")) != shown.npos;) {
    shown.replace(at, 5, shown.substr(at - 7, 7) == "store: " ? "\"rediss://h\"" : "\"k\"");
  }
  shown.replace(shown.find("store: \"rediss://h\""), 19, "store: \"rediss://:x@h\"");
  const auto second = Read(shown);
  ASSERT_TRUE(second.ok()) << shown << Text(second.problems);
  EXPECT_EQ(second.value.data, "a ${b: ${X} \"q\" ü # no comment");
  const auto values = [](const Loaded<Root>& loaded) {
    return ShowYaml(*RootTable().data(), &loaded.value, Sources());
  };
  EXPECT_EQ(values(first), values(second));
}

TEST(Show, NamesTheSourceOfEveryValue) {
  auto loaded =
      Read("server:\n  workers: 3\nproviders:\n  e: {base_url: 'http://h', key: '${KEY}'}\n",
           {{"KEY", "k"}, {"SIGNALBOX_DATA", "d"}});
  EXPECT_EQ(Show(RootTable(), loaded), R"(data: "d"  # SIGNALBOX_DATA
server:
  listen: "127.0.0.1:8080"  # default
  # metrics: not set  # default
  workers: 3  # test.yaml:2
  drain: 30s  # default
  access_log: false  # default
  limits:
    head: 64KiB  # default
    fields: 100  # default
    # body: not set  # default
providers:
  e:
    type: "openai"  # default
    base_url: "http://h"  # test.yaml:4
    key: <set>  # test.yaml:4 (KEY)
    local: false  # default
    timeout: 10m  # default
models: {}
routing:
  enabled: true  # default
  percentage: 100  # default
  floor: low  # default
  offset: 0  # default
  seed: 0  # default
  store: <not set>  # default
)");
}

TEST(Show, DefaultsLoadBackAsTheyAre) {
  const auto loaded = Read(Show(RootTable(), Read("")));
  EXPECT_TRUE(loaded.ok()) << Text(loaded.problems);
}

TEST(Show, WritesJson) {
  const auto loaded =
      Read("server: {workers: auto, drain: 2s}\nmodels: {m: {targets: [a, \"\\\"\"]}}\n");
  const std::string text = ShowAsJson(RootTable(), loaded);
  json::Document document;
  ASSERT_TRUE(document.Parse(text)) << text;
  const auto configuration = document.Root().Find("configuration");
  const auto server = configuration->Find("server");
  EXPECT_EQ(server->Find("workers")->AsString(), "auto");
  EXPECT_EQ(server->Find("drain")->AsString(), "2s");
  EXPECT_TRUE(server->Find("metrics")->IsNull());
  EXPECT_EQ(configuration->Find("models")->Find("m")->Find("targets")->Raw(), R"(["a","\""])");
  EXPECT_EQ(configuration->Find("routing")->Find("store")->AsString(), "<not set>");
  EXPECT_EQ(document.Root().Find("sources")->Find("server.drain")->AsString(), "test.yaml:1");
}

TEST(Secrets, AreInNoOutput) {
  const std::string canary(kCanary);
  const auto loaded = Read("providers: {e: {base_url: 'http://h', key: " + canary +
                               "}, f: {base_url: 'http://h', key: '${KEY}'}}\n"
                               "routing: {store: 'redis://u:" +
                               canary + "@h'}\n",
                           {{"KEY", canary},
                            {"SIGNALBOX_PROVIDERS__G__KEY", canary},
                            {"SIGNALBOX_PROVIDERS__G__BASE_URL", "http://h"}});
  ASSERT_TRUE(loaded.ok()) << Text(loaded.problems);
  for (const char* name : {"e", "f", "g"}) {
    EXPECT_EQ(loaded.value.providers.at(name).key.Reveal(), canary);
  }
  EXPECT_THAT(Show(RootTable(), loaded), Not(HasSubstr(canary)));
  EXPECT_THAT(Show(RootTable(), loaded), HasSubstr("key: <set>"));
  EXPECT_THAT(ShowAsJson(RootTable(), loaded), Not(HasSubstr(canary)));
}

// A secret in the wrong place must not reach a log through the complaint about it.
TEST(Secrets, AreInNoProblem) {
  const std::string canary(kCanary);
  const std::vector<std::string> texts = {
      "providers: " + canary,
      "providers: {e: " + canary + "}",
      "providers: {e: {base_url: " + canary + "}}",
      "providers: {e: {base_url: 'http://u:" + canary + "@h'}}",
      "providers: {e: {kee: " + canary + "}}",
      "providers: {e: {key: [" + canary + "]}}",
      "providers: {e: {key: {a: " + canary + "}}}",
      "providers: {e: {key: *" + canary + "}}",
      "providers: {e: {key: !" + canary + " x}}",
      "providers: {e: {key: " + canary + "${}}}",
      "providers: {e: {key: \"" + canary + "\\n\"}}",
      "providers: {e: {key: \"" + canary + "\\q\"}}",
      "providers: {e: {key: \"" + canary,
      "providers: {e: {key: '${NOPE:-" + canary + "'}}",
      "providers: {e: {key: '${NOPE:-" + canary + "}', local: '${KEY}'}}",
      "routing: {floor: " + canary + ", offset: " + canary + ", enabled: '${KEY}'}",
      "routing: {store: 'http://u:" + canary + "@h'}",
      "models: {m: {targets: [[" + canary + "]], weight: " + canary + "}}",
      "server: {listen: " + canary + ", drain: " + canary + ", limits: {head: '${KEY}'}}",
      "data: a: " + canary,
      canary,
  };
  for (const std::string& text : texts) {
    const auto loaded = Read(text, {{"KEY", canary}, {"SIGNALBOX_SERVER__WORKERS", canary}});
    EXPECT_GE(loaded.problems.size(), 2U) << text;
    EXPECT_THAT(Text(loaded.problems), Not(HasSubstr(canary))) << text;
  }
}

TEST(Reference, HasARowForEveryOption) {
  const std::string page = Reference(RootTable());
  EXPECT_TRUE(page.starts_with(ReferenceIntroduction()));
  EXPECT_THAT(page, HasSubstr("| `models` | a section of model entries by name | | restart |"));
  EXPECT_THAT(page, HasSubstr("## `server.limits`"));
  EXPECT_THAT(page, HasSubstr("## `providers.<provider>`"));
  EXPECT_THAT(page, HasSubstr("| `drain` | a duration from 1s to 1h | `30s` | yes | How long open "
                              "requests may go on at the end. |"));
  EXPECT_THAT(
      page, HasSubstr("| `workers` | a whole number from 1 to 256, or auto | `auto` | restart |"));
  EXPECT_THAT(page, HasSubstr("| `key` | a secret text of at most 200 bytes | none | restart | "
                              "Its key \\| none. |"));
  EXPECT_THAT(page, HasSubstr("| `base_url` | an address that begins with http:// or https:// and "
                              "names a host | required |"));
  for (const char* key :
       {"data",  "listen", "metrics", "access_log", "head",   "fields",  "body",
        "type",  "local",  "timeout", "targets",    "weight", "enabled", "percentage",
        "floor", "offset", "seed",    "store",      "models", "routing"}) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(key) + "` |"));
  }
}

TEST(Schema, DescribesTheTables) {
  const std::string text = Schema(RootTable());
  json::Document document;
  ASSERT_TRUE(document.Parse(text)) << text;
  const auto properties = document.Root().Find("properties");
  const auto server = properties->Find("server");
  EXPECT_EQ(server->Find("additionalProperties")->AsBool(), false);
  const auto workers = server->Find("properties")->Find("workers");
  EXPECT_THAT(std::string(workers->Raw()),
              HasSubstr(R"({"type":"integer","minimum":1,"maximum":256},{"enum":["auto"]})"));
  EXPECT_EQ(workers->Find("default")->AsString(), "auto");
  const auto provider = properties->Find("providers")->Find("additionalProperties");
  EXPECT_EQ(provider->Find("required")->Raw(), R"(["base_url"])");
  const auto include = properties->Find("include");
  EXPECT_THAT(std::string(include->Raw()), HasSubstr(R"({"type":"string"},{"type":"array")"));
  EXPECT_EQ(properties->Find("profiles")->Find("additionalProperties")->Find("$ref")->AsString(),
            "#/$defs/profile");
  const auto profile = document.Root().Find("$defs")->Find("profile");
  EXPECT_EQ(profile->Find("additionalProperties")->AsBool(), false);
  EXPECT_TRUE(profile->Find("properties")->Find("server"));
  EXPECT_FALSE(profile->Find("properties")->Find("profiles"));
  EXPECT_THAT(std::string(profile->Raw()), Not(HasSubstr("required")));
  const auto key = provider->Find("properties")->Find("key");
  EXPECT_THAT(std::string(key->Raw()), HasSubstr("#/$defs/secret"));
  EXPECT_THAT(std::string(provider->Find("properties")->Find("type")->Raw()),
              Not(HasSubstr("#/$defs/secret")));
  EXPECT_EQ(document.Root().Find("$schema")->AsString(),
            "https://json-schema.org/draft/2020-12/schema");
}

}  // namespace
}  // namespace signalbox::config::sample
