#include "app/host_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using Variables = config::Environment::Variables;

// What the rule says of `yaml`, one line for each problem.
std::string Problems(const std::string& yaml, Variables variables = {},
                     std::vector<config::Override> overrides = {}, std::string profile = {}) {
  auto loaded = config::LoadText(RootTable(), config::TextInput{"box.yaml", yaml},
                                 {.file = {},
                                  .environment = config::Environment(std::move(variables)),
                                  .overrides = std::move(overrides),
                                  .profile = std::move(profile)});
  EXPECT_TRUE(loaded.ok()) << config::Text(loaded.problems);
  CheckHosts(loaded);
  return config::Text(loaded.problems);
}

constexpr const char* kUrlVariable = "SIGNALBOX_PROVIDERS__EDGE__BASE_URL";
constexpr const char* kKeyVariable = "SIGNALBOX_PROVIDERS__EDGE__KEY";
constexpr const char* kElsewhere = "http://elsewhere.example/v1";

TEST(HostRule, OneTextMayNameBoth) {
  EXPECT_THAT(Problems("providers: {edge: {base_url: \"http://a/v1\", key: k}}\n"), IsEmpty());
  EXPECT_THAT(Problems("providers: {edge: {base_url: \"http://a/v1\", key: \"${K}\"}}\n",
                       {{"K", "from the environment, as the text says"}}),
              IsEmpty());
  EXPECT_THAT(Problems("", {{kUrlVariable, kElsewhere}, {kKeyVariable, "k"}}), IsEmpty());
}

TEST(HostRule, AHostFromTheEnvironmentDoesNotGetTheTextsKey) {
  const std::string yaml = "providers:\n  edge:\n    base_url: http://a/v1\n    key: k\n";
  EXPECT_THAT(Problems(yaml, {{kUrlVariable, kElsewhere}}),
              AllOf(HasSubstr("providers.edge.base_url"), HasSubstr(kUrlVariable),
                    HasSubstr("providers.edge.key by box.yaml:4"),
                    HasSubstr("set providers.edge.key in the same place")));
  EXPECT_THAT(Problems(yaml, {{kUrlVariable, kElsewhere}, {kKeyVariable, "mine"}}), IsEmpty());
  EXPECT_THAT(Problems(yaml, {{kUrlVariable, kElsewhere}, {kKeyVariable, "none"}}), IsEmpty())
      << "no key, nothing to give away";
}

TEST(HostRule, AHostFromTheTextDoesNotGetTheEnvironmentsKey) {
  EXPECT_THAT(Problems("providers: {edge: {base_url: \"http://a/v1\"}}\n", {{kKeyVariable, "k"}}),
              HasSubstr("providers.edge.base_url"));
}

TEST(HostRule, HoldsForTheCommandLine) {
  EXPECT_THAT(Problems("providers: {edge: {base_url: \"http://a/v1\", key: k}}\n", {},
                       {{"providers.edge.base_url", kElsewhere, "--set"}}),
              HasSubstr("--set"));
}

TEST(HostRule, HoldsForEachOfSeveralKeys) {
  const std::string yaml =
      "providers: {edge: {base_url: \"http://a/v1\", keys: {one: {key: k}, two: {key: l}}}}\n";
  EXPECT_THAT(Problems(yaml), IsEmpty());
  EXPECT_THAT(
      Problems(yaml, {{kUrlVariable, kElsewhere}}),
      AllOf(HasSubstr("providers.edge.keys.one.key"), HasSubstr("providers.edge.keys.two.key")));
}

TEST(HostRule, AProfileThatMovesAProviderBringsItsKey) {
  const std::string base = "providers: {edge: {base_url: \"http://a/v1\", key: k}}\nprofiles:\n";
  EXPECT_THAT(
      Problems(base + "  dev: {providers: {edge: {base_url: \"http://b/v1\"}}}\n", {}, {}, "dev"),
      HasSubstr("profile dev"));
  EXPECT_THAT(Problems(base + "  dev: {providers: {edge: {base_url: \"http://b/v1\", key: l}}}\n",
                       {}, {}, "dev"),
              IsEmpty());
}

TEST(HostRule, AVendorIsAHostToo) {
  const std::string yaml = "providers: {edge: {vendor: groq, key: k}}\n";
  EXPECT_THAT(Problems(yaml, {{"SIGNALBOX_PROVIDERS__EDGE__VENDOR", "xai"}}),
              HasSubstr("providers.edge.vendor"));
  EXPECT_THAT(Problems("providers: {edge: {vendor: groq}}\n", {{kKeyVariable, "k"}}), IsEmpty())
      << "the key came last, and knew";
}

TEST(HostRule, AzuresResourceIsAHostToo) {
  const std::string yaml = "providers: {azure: {resource: ours, key: k}}\n";
  EXPECT_THAT(Problems(yaml), IsEmpty());
  EXPECT_THAT(Problems(yaml, {{"SIGNALBOX_PROVIDERS__AZURE__RESOURCE", "theirs"}}),
              HasSubstr("providers.azure.resource"));
}

TEST(HostRule, AnUpstreamGatewayIsAHostToo) {
  const std::string yaml =
      "upstream_gateway: {account: a, gateway: g}\nproviders: {openai: {via: gateway, key: k}}\n";
  EXPECT_THAT(Problems(yaml), IsEmpty());
  EXPECT_THAT(Problems(yaml, {{"SIGNALBOX_UPSTREAM_GATEWAY__BASE_URL", kElsewhere}}),
              HasSubstr("upstream_gateway.base_url"));
  EXPECT_THAT(Problems("providers: {openai: {key: k}}\n",
                       {{"SIGNALBOX_PROVIDERS__OPENAI__VIA", "gateway"}}),
              HasSubstr("providers.openai.via"));
  EXPECT_THAT(Problems("upstream_gateway: {key: k}\n",
                       {{"SIGNALBOX_UPSTREAM_GATEWAY__BASE_URL", kElsewhere}}),
              HasSubstr("upstream_gateway.key"));
}

}  // namespace
}  // namespace signalbox::app
