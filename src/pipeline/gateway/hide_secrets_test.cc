#include "pipeline/gateway/hide_secrets.h"

#include <gtest/gtest.h>

namespace signalbox::gateway {
namespace {

providers::Provider WithKeys(const std::string& first, const std::string& second) {
  providers::ProviderOptions options;
  options.keys["a"].key = config::Secret(first);
  options.keys["b"].key = config::Secret(second);
  return providers::MakeProvider("edge", options);
}

TEST(HideSecrets, LeavesOtherTextsAlone) {
  EXPECT_FALSE(HideSecrets("no such key", WithKeys("sk-0123456789", "sk-abcdefghij")));
  EXPECT_FALSE(HideSecrets("", WithKeys("sk-0123456789", "")));
}

TEST(HideSecrets, HidesEachKeyWhereverItStands) {
  const auto provider = WithKeys("sk-0123456789", "sk-abcdefghij");
  EXPECT_EQ(HideSecrets("sk-0123456789", provider), "***");
  EXPECT_EQ(HideSecrets("<sk-abcdefghij,sk-0123456789sk-0123456789>", provider), "<***,******>");
}

TEST(HideSecrets, HidesTheKeyOfAnUpstreamGateway) {
  auto provider = WithKeys("sk-0123456789", "");
  provider.gateway_key = config::Secret("cf-0123456789");
  EXPECT_EQ(HideSecrets("cf-0123456789 or sk-0123456789", provider), "*** or ***");
}

TEST(HideSecrets, AWordThatIsTooShortForASecretStays) {
  EXPECT_FALSE(HideSecrets("the key key is refused", WithKeys("key", "refused")));
}

}  // namespace
}  // namespace signalbox::gateway
