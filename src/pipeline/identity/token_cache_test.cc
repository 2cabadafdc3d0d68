#include "pipeline/identity/token_cache.h"

#include <gtest/gtest.h>

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;

constexpr core::WallTime kNow{1'800'000'000s};

std::shared_ptr<const request::Grant> GrantNamed(const std::string& name) {
  auto grant = std::make_shared<request::Grant>();
  grant->name = name;
  return grant;
}

TEST(TokenCache, TellsTokensApartThatBeginAlike) {
  TokenCache cache(10);
  const std::string start(200, 'e');
  cache.Add(DigestOf(start + "a", "i", "t"), GrantNamed("a"), kNow + 1h);
  cache.Add(DigestOf(start + "b", "i", "t"), GrantNamed("b"), kNow + 1h);
  EXPECT_EQ(cache.Find(DigestOf(start + "a", "i", "t"), kNow)->name, "a");
  EXPECT_EQ(cache.Find(DigestOf(start + "b", "i", "t"), kNow)->name, "b");
  EXPECT_EQ(cache.Find(DigestOf(start, "i", "t"), kNow), nullptr);
}

TEST(TokenCache, TheIssuerAndTheTenantAreOfTheKey) {
  EXPECT_NE(DigestOf("token", "a", "t"), DigestOf("token", "b", "t"));
  EXPECT_NE(DigestOf("token", "a", "t"), DigestOf("token", "a", "u"));
  EXPECT_NE(DigestOf("token", "ab", "c"), DigestOf("token", "a", "bc"));
  EXPECT_NE(DigestOf("tokena", "", ""), DigestOf("token", "a", ""));
}

TEST(TokenCache, ForgetsWhatHasEndedAndTheOldestWhenItIsFull) {
  TokenCache cache(3);
  for (const char* token : {"1", "2", "3", "4"}) {
    cache.Add(DigestOf(token, "", ""), GrantNamed(token), kNow + 10s);
  }
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(cache.Find(DigestOf("1", "", ""), kNow), nullptr);
  EXPECT_NE(cache.Find(DigestOf("4", "", ""), kNow + 9s), nullptr);
  EXPECT_EQ(cache.Find(DigestOf("4", "", ""), kNow + 10s), nullptr);
  EXPECT_EQ(cache.size(), 2U);
}

TEST(TokenCache, DropsThoseThatItIsTold) {
  TokenCache cache(3);
  cache.Add(DigestOf("1", "", ""), GrantNamed("a"), kNow + 10s);
  cache.Add(DigestOf("2", "", ""), GrantNamed("b"), kNow + 10s);
  cache.Drop([](const request::Grant& grant) { return grant.name == "a"; });
  EXPECT_EQ(cache.Find(DigestOf("1", "", ""), kNow), nullptr);
  EXPECT_NE(cache.Find(DigestOf("2", "", ""), kNow), nullptr);
}

}  // namespace
}  // namespace signalbox::identity
