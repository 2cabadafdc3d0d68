#include "vendors/providers/provider.h"

#include <gtest/gtest.h>

namespace signalbox::providers {
namespace {

ProviderOptions WithUrl(const char* url) {
  ProviderOptions options;
  options.base_url = config::ParseUrl(url);
  return options;
}

TEST(MakeProvider, ABuiltInNameKnowsItsUrlAndModels) {
  for (const BuiltInProvider& row : BuiltInProviders()) {
    const Provider provider = MakeProvider(std::string(row.name), {});
    EXPECT_EQ(provider.type, ProviderType::kOpenAi);
    EXPECT_EQ(provider.base_url.text, row.base_url);
    EXPECT_EQ(provider.base_url.scheme, "https") << row.name;
    EXPECT_EQ(provider.base_url.port, 443);
    EXPECT_FALSE(provider.base_url.path.ends_with('/'));
    EXPECT_EQ(provider.model_prefixes.size(), row.model_prefixes.size());
    EXPECT_FALSE(row.key_variables.empty());
  }
  EXPECT_EQ(FindBuiltIn("nobody"), nullptr);
}

TEST(MakeProvider, ABuiltInNameMayLiveElsewhere) {
  const Provider provider = MakeProvider("openai", WithUrl("http://127.0.0.1:9001/v1/"));
  EXPECT_EQ(provider.base_url.host, "127.0.0.1");
  EXPECT_EQ(provider.base_url.port, 9001);
  EXPECT_EQ(provider.base_url.path, "/v1");
  EXPECT_FALSE(provider.model_prefixes.empty());
}

TEST(MakeProvider, SlashesAtTheEndOfABaseUrlDoNotCount) {
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1/v1//")).base_url.path, "/v1");
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1/")).base_url.path, "");
  EXPECT_EQ(MakeProvider("edge", WithUrl("http://a:1")).base_url.path, "");
}

TEST(MakeProvider, OnlySimIsSimulatedUnlessItSaysSo) {
  EXPECT_EQ(MakeProvider("sim", {}).type, ProviderType::kSim);
  EXPECT_EQ(MakeProvider("edge", {}).type, ProviderType::kOpenAi);
  ProviderOptions options;
  options.type = ProviderType::kSim;
  EXPECT_EQ(MakeProvider("edge", options).type, ProviderType::kSim);
  options.type = ProviderType::kOpenAi;
  EXPECT_EQ(MakeProvider("sim", options).type, ProviderType::kOpenAi);
}

TEST(MakeProvider, TheKeyNoneIsNoKey) {
  ProviderOptions options;
  options.key = config::Secret("none");
  EXPECT_TRUE(MakeProvider("edge", options).key.empty());
  options.key = config::Secret("sk-1");
  EXPECT_EQ(MakeProvider("edge", options).key.Reveal(), "sk-1");
}

}  // namespace
}  // namespace signalbox::providers
