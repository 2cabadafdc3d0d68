// Base URLs as the vendors' SDKs take them.
#include "vendors/providers/base_url.h"

#include <gtest/gtest.h>

namespace signalbox::providers {
namespace {

std::string PathOf(ProviderType type, const std::string& url, const ProviderOptions& options = {}) {
  return BasePath(type, *config::ParseUrl(url), options);
}

TEST(BasePath, TakesAUrlWithOrWithoutTheVersion) {
  EXPECT_EQ(PathOf(ProviderType::kAnthropic, "http://h"), "/v1");
  EXPECT_EQ(PathOf(ProviderType::kAnthropic, "http://h/v1/"), "/v1");
  EXPECT_EQ(PathOf(ProviderType::kAnthropic, "http://h/anthropic"), "/anthropic/v1");
  EXPECT_EQ(PathOf(ProviderType::kGemini, "http://h/"), "/v1beta");
  EXPECT_EQ(PathOf(ProviderType::kGemini, "http://h/v1"), "/v1");
  EXPECT_EQ(PathOf(ProviderType::kGemini, "http://h/v1alpha"), "/v1alpha");
  EXPECT_EQ(PathOf(ProviderType::kCohere, "http://h"), "/v2");
  EXPECT_EQ(PathOf(ProviderType::kMistral, "http://h/v1"), "/v1");
  EXPECT_EQ(PathOf(ProviderType::kMistral, "http://h"), "/v1");
}

TEST(BasePath, OpenAisStaysAsItIsWritten) {
  EXPECT_EQ(PathOf(ProviderType::kOpenAi, "http://h"), "");
  EXPECT_EQ(PathOf(ProviderType::kOpenAi, "http://h/openai/v1/"), "/openai/v1");
  EXPECT_EQ(PathOf(ProviderType::kAzureOpenAi, "http://h"), "/openai/v1");
  EXPECT_EQ(PathOf(ProviderType::kAzureOpenAi, "http://h/openai/v1"), "/openai/v1");
}

TEST(BasePath, OllamaIsSpokenToAtItsRoot) {
  for (const char* url :
       {"http://h:11434", "http://h:11434/", "http://h:11434/api", "http://h:11434/v1"}) {
    EXPECT_EQ(PathOf(ProviderType::kOllamaNative, url), "") << url;
  }
}

TEST(BasePath, WorkersAiWantsItsAccount) {
  ProviderOptions options;
  options.account = "acc";
  const std::string whole = "/client/v4/accounts/acc/ai";
  for (const char* path :
       {"", "/client/v4", "/client/v4/accounts/acc", "/client/v4/accounts/acc/ai",
        "/client/v4/accounts/acc/ai/run", "/client/v4/accounts/acc/ai/v1"}) {
    EXPECT_EQ(PathOf(ProviderType::kWorkersAi, std::string("http://h") + path, options), whole)
        << path;
  }
  EXPECT_EQ(PathOf(ProviderType::kWorkersAi, "http://h"), "/ai");
}

TEST(BasePath, VertexWantsItsProjectAndPlace) {
  ProviderOptions options;
  EXPECT_EQ(PathOf(ProviderType::kVertex, "http://h"), "/v1/publishers/google");
  options.account = "p";
  EXPECT_EQ(PathOf(ProviderType::kVertex, "http://h", options),
            "/v1/projects/p/locations/global/publishers/google");
  options.region = "us-central1";
  const std::string whole = "/v1/projects/p/locations/us-central1/publishers/google";
  EXPECT_EQ(PathOf(ProviderType::kVertex, "http://h/v1", options), whole);
  EXPECT_EQ(PathOf(ProviderType::kVertex, "http://h" + whole, options), whole);
  EXPECT_EQ(PathOf(ProviderType::kVertex, "http://h/v1/projects/p/locations/us-central1", options),
            whole);
}

}  // namespace
}  // namespace signalbox::providers
