#include "vendors/providers/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signalbox::providers {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ProviderOptions WithUrl(const char* url) {
  ProviderOptions options;
  options.base_url = config::ParseUrl(url);
  return options;
}

// All that a vendor may want to know.
ProviderOptions Complete() {
  ProviderOptions options;
  options.key = config::Secret("sk-1");
  options.account = "acc";
  options.region = "rg";
  options.resource = "res";
  return options;
}

UpstreamGatewayOptions Gateway() {
  UpstreamGatewayOptions gateway;
  gateway.account = "acc";
  gateway.gateway = "gw";
  gateway.key = config::Secret("aig-1");
  return gateway;
}

std::string ChatUrl(const Provider& provider) {
  return provider.base_url.scheme + "://" + provider.base_url.host +
         (provider.base_url.port == 443 ? "" : ":" + std::to_string(provider.base_url.port)) +
         provider.base_url.path + "/chat/completions" + provider.query;
}

// What is wrong, as "key: message".
std::vector<std::string> Problems(const std::string& name, const ProviderOptions& options,
                                  const UpstreamGatewayOptions& gateway = {}) {
  std::vector<std::string> out;
  for (const core::Error& problem : CheckProvider(name, options, gateway)) {
    out.push_back(problem.param + ": " + problem.message);
  }
  return out;
}

TEST(Provider, LeavesAnAccountOutOfAHost) {
  for (const std::string value : {"a/b", "a.b:1", "../x", "a b", "a@b", "a?b", "a#b", ".hidden"}) {
    ProviderOptions options = Complete();
    options.resource = value;
    EXPECT_THAT(Problems("azure", options), Contains(HasSubstr("resource: can have")))
        << value << " must not choose the host";
    options = Complete();
    options.account = value;
    EXPECT_THAT(Problems("cloudflare", options), Contains(HasSubstr("account: can have"))) << value;
    options = Complete();
    options.api_version = value;
    EXPECT_THAT(Problems("azure", options), Contains(HasSubstr("api_version: can have"))) << value;
  }
}

TEST(Provider, LeavesAnUpstreamGatewaysNamesInTheirSteps) {
  ProviderOptions options = Complete();
  options.via = Via::kGateway;
  UpstreamGatewayOptions gateway = Gateway();
  EXPECT_THAT(Problems("openai", options, gateway), IsEmpty());
  gateway.account = "../../else";
  EXPECT_THAT(Problems("openai", options, gateway),
              ElementsAre(HasSubstr("upstream_gateway.account can have")));
  gateway = Gateway();
  gateway.gateway = "a/b";
  EXPECT_THAT(Problems("openai", options, gateway),
              ElementsAre(HasSubstr("upstream_gateway.gateway can have")));
}

TEST(Provider, SaysWhatTheBaseUrlLacks) {
  ProviderOptions options;
  options.key = config::Secret("k");
  EXPECT_THAT(Problems("cloudflare", options), ElementsAre(HasSubstr("account is missing")));
  EXPECT_THAT(Problems("azure", options), ElementsAre(HasSubstr("resource is missing")));
  options.via = Via::kGateway;
  EXPECT_THAT(Problems("openai", options),
              ElementsAre(HasSubstr("upstream_gateway.account is missing"),
                          HasSubstr("upstream_gateway.gateway is missing")));
  EXPECT_THAT(Problems("edge", {}), ElementsAre(HasSubstr("base_url is missing")));
  options = WithUrl("http://127.0.0.1:9/v1");
  options.vendor = "opneai";
  EXPECT_THAT(Problems("edge", options), ElementsAre(HasSubstr("vendor: is not known")));
  options = Complete();
  options.resource = "ends-with-";  // no host name
  EXPECT_THAT(Problems("azure", options),
              ElementsAre(HasSubstr("the base URL https://ends-with-.openai.azure.com")));
  EXPECT_THAT(Problems("a/b", WithUrl("http://127.0.0.1:9/v1")), ElementsAre(HasSubstr("slash")));
}

TEST(Provider, AVendorInTheCloudWantsAKeyOrNone) {
  for (const Vendor& vendor : Vendors()) {
    const std::string name(vendor.name);
    ProviderOptions options = Complete();
    EXPECT_THAT(Problems(name, options), IsEmpty()) << name;
    options.key = config::Secret("none");
    EXPECT_THAT(Problems(name, options), IsEmpty()) << name;
    options.key = {};
    if (vendor.local()) {
      EXPECT_THAT(Problems(name, options), IsEmpty()) << name;
    } else {
      EXPECT_THAT(Problems(name, options), ElementsAre(HasSubstr("key is missing"))) << name;
    }
  }
}

TEST(Provider, MayLiveElsewhereAndIsNotSentToTheVendorThen) {
  const Provider provider = MakeProvider("openai", WithUrl("http://127.0.0.1:9001/v1/"));
  EXPECT_EQ(ChatUrl(provider), "http://127.0.0.1:9001/v1/chat/completions");
  EXPECT_FALSE(provider.model_prefixes.empty());
  EXPECT_EQ(provider.vendor, "openai");
  EXPECT_TRUE(provider.keys.front().secret.empty());
}

TEST(Provider, AnotherNameIsAVendorsWhenItSaysSo) {
  ProviderOptions options = Complete();
  options.vendor = "groq";
  const Provider provider = MakeProvider("fast", options);
  EXPECT_EQ(ChatUrl(provider), "https://api.groq.com/openai/v1/chat/completions");
  EXPECT_EQ(provider.vendor, "groq");
  EXPECT_EQ(provider.name, "fast");
}

TEST(Provider, SlashesAtTheEndOfABaseUrlDoNotCount) {
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1/v1//")).base_url.path, "/v1");
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1/")).base_url.path, "");
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1")).base_url.path, "");
}

TEST(Provider, OnlySimIsSimulatedUnlessItSaysSo) {
  EXPECT_EQ(MakeProvider("sim", {}).type, ProviderType::kSim);
  EXPECT_EQ(MakeProvider("edge", {}).type, ProviderType::kOpenAi);
  ProviderOptions options;
  options.type = ProviderType::kSim;
  EXPECT_EQ(MakeProvider("edge", options).type, ProviderType::kSim);
  options.type = ProviderType::kOpenAi;
  EXPECT_EQ(MakeProvider("sim", options).type, ProviderType::kOpenAi);
}

TEST(Provider, TheKeyNoneIsNoKey) {
  ProviderOptions options;
  options.key = config::Secret("none");
  EXPECT_TRUE(MakeProvider("edge", options).keys.front().secret.empty());
  options.key = config::Secret("sk-1");
  EXPECT_EQ(MakeProvider("edge", options).keys.front().secret.Reveal(), "sk-1");
  EXPECT_EQ(MakeProvider("edge", {}).keys.size(), 1U);
}

TEST(Provider, KeepsSeveralKeysApartWithTheirShares) {
  ProviderOptions options = WithUrl("http://127.0.0.1:9/v1");
  options.keys["blue"] = {.key = config::Secret("sk-blue"), .weight = 3, .in_flight = 8};
  options.keys["green"] = {.key = config::Secret("sk-green"), .per_minute = 60};
  const Provider provider = MakeProvider("edge", options);
  ASSERT_EQ(provider.keys.size(), 2U);
  EXPECT_EQ(provider.keys[0].label, "blue");
  EXPECT_EQ(provider.keys[0].secret.Reveal(), "sk-blue");
  EXPECT_EQ(provider.keys[0].limits.weight, 3U);
  EXPECT_EQ(provider.keys[0].limits.in_flight, 8U);
  EXPECT_EQ(provider.keys[1].limits.weight, 1U);
  EXPECT_EQ(provider.keys[1].limits.per_minute, 60U);
  EXPECT_NE(provider.keys[0].fingerprint, provider.keys[1].fingerprint);
  // The same secret is the same key after a reload, whatever it is called then.
  options.keys["red"] = options.keys["blue"];
  EXPECT_EQ(MakeProvider("edge", options).keys[2].fingerprint, provider.keys[0].fingerprint);
}

TEST(Provider, KeyAndKeysAddUp) {
  ProviderOptions options = WithUrl("http://127.0.0.1:9/v1");
  options.key = config::Secret("sk-1");
  options.keys["second"] = {.key = config::Secret("sk-2")};
  const Provider provider = MakeProvider("edge", options);
  ASSERT_EQ(provider.keys.size(), 2U);
  EXPECT_EQ(provider.keys[0].label, "second");
  EXPECT_EQ(provider.keys[1].label, "key");
}

TEST(Provider, ListedModelsNameTheDefault) {
  EXPECT_EQ(MakeProvider("openai", {}).default_model, "gpt-4o");
  EXPECT_EQ(MakeProvider("mistral", {}).default_model, "");
  ProviderOptions options;
  options.models = {"a", "b"};
  EXPECT_EQ(MakeProvider("openai", options).default_model, "a");
}

TEST(Provider, OnlyTheUpstreamGatewaysProvidersKnowItsKey) {
  ProviderOptions options = Complete();
  EXPECT_TRUE(MakeProvider("openai", options, Gateway()).gateway_key.empty());
  options.via = Via::kGateway;
  const Provider through = MakeProvider("openai", options, Gateway());
  EXPECT_EQ(through.gateway_key.Reveal(), "aig-1");
  EXPECT_EQ(through.keys.front().secret.Reveal(), "sk-1");
  options.base_url = config::ParseUrl("https://elsewhere.example/v1");
  EXPECT_THAT(Problems("openai", options, Gateway()), ElementsAre(HasSubstr("via: gateway")));
}

}  // namespace
}  // namespace signalbox::providers
