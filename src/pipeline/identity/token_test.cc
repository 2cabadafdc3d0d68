#include "pipeline/identity/token.h"

#include <gtest/gtest.h>

#include <set>

#include "base/core/random.h"
#include "pipeline/identity/key_hash.h"

namespace signalbox::identity {
namespace {

const KeyId kId = *KeyId::Parse("key_0198c0de00007000800000000000cafe");

TEST(KeyToken, ReadsBackWhatItWrote) {
  const std::string secret = NewSecret();
  const std::string text = TokenText(kId, secret);
  const auto token = KeyToken::Parse(text);
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->id, kId);
  EXPECT_EQ(token->secret, secret);
  EXPECT_TRUE(text.starts_with("sb_0198c0de00007000800000000000cafe_"));
}

TEST(KeyToken, IsNothingThatIsCutLongerOrOfAnotherShape) {
  const std::string text = TokenText(kId, NewSecret());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(KeyToken::Parse(text.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(KeyToken::Parse(text + "a").has_value());
  EXPECT_FALSE(KeyToken::Parse("sk" + text.substr(2)).has_value());
  std::string other = text;
  other[kTokenStart.size() + kIdSize] = '-';
  EXPECT_FALSE(KeyToken::Parse(other).has_value());
}

TEST(KeyToken, SecretsDoNotRepeat) {
  std::set<std::string> secrets;
  for (int i = 0; i < 1000; ++i) {
    secrets.insert(NewSecret());
  }
  EXPECT_EQ(secrets.size(), 1000U);
}

KeyHasher HasherOf(std::uint8_t byte) {
  KeyHasher::Secret secret{};
  secret.fill(std::byte{byte});
  return *KeyHasher::Create(secret);
}

TEST(KeyHasher, IsRefusedWithoutASecret) {
  EXPECT_FALSE(KeyHasher::Create({}).has_value());
}

TEST(KeyHasher, DependsOnTheSecretTheIdAndTheInstallation) {
  const std::string secret = NewSecret();
  const KeyHash hash = HasherOf(1).Hash(kId, secret);
  EXPECT_TRUE(Same(hash, HasherOf(1).Hash(kId, secret)));
  EXPECT_FALSE(Same(hash, HasherOf(2).Hash(kId, secret)));
  EXPECT_FALSE(Same(hash, HasherOf(1).Hash(KeyId(), secret)));
  std::string other = secret;
  other.back() = other.back() == 'a' ? 'b' : 'a';
  EXPECT_FALSE(Same(hash, HasherOf(1).Hash(kId, other)));
  EXPECT_FALSE(Same(hash, HasherOf(1).Hash(kId, "")));
}

}  // namespace
}  // namespace signalbox::identity
