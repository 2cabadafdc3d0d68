#include "pipeline/request/cache_wish.h"

#include <gtest/gtest.h>

#include "pipeline/request/hints.h"

namespace signalbox::request {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

CacheWish WishOf(std::string_view name, std::string_view value) {
  Hints hints;
  EXPECT_TRUE(ReadHint(name, value, hints)) << value;
  return hints.cache;
}

TEST(CacheWish, IsReadFromOurField) {
  EXPECT_TRUE(WishOf("X-Signalbox-Cache-Control", "no-cache").no_cache);
  EXPECT_TRUE(WishOf("x-signalbox-cache-control", "No-Store").no_store);
  EXPECT_TRUE(WishOf("x-signalbox-cache-control", "cache").asked);
  const CacheWish both = WishOf("x-signalbox-cache-control", " ttl=10m ,, max-age = 90,");
  EXPECT_EQ(both.ttl, minutes(10));
  EXPECT_EQ(both.max_age, seconds(90));
  EXPECT_TRUE(both.asked);
  EXPECT_FALSE(both.no_cache || both.no_store);
  EXPECT_FALSE(WishOf("x-signalbox-cache-control", "no-cache").asked);
}

TEST(CacheWish, WhatIsNotKnownInOurFieldIsAnError) {
  for (const std::string_view wrong : {"nocache", "ttl", "ttl=", "ttl=-5", "ttl=x", "max-age=1y2",
                                       "no-cache=1", "cache, what", "=", "no-cache no-store"}) {
    Hints hints;
    const auto read = ReadHint("x-signalbox-cache-control", wrong, hints);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().param, "x-signalbox-cache-control");
  }
}

TEST(CacheWish, HttpsOwnFieldOnlyRestricts) {
  EXPECT_TRUE(WishOf("Cache-Control", "no-cache").no_cache);
  EXPECT_TRUE(WishOf("cache-control", "private, no-store, x=y").no_store);
  EXPECT_EQ(WishOf("cache-control", "max-age=3600").max_age, hours(1));
  const CacheWish other = WishOf("cache-control", "cache, ttl=5, max-age=nonsense");
  EXPECT_FALSE(other.asked || other.no_cache || other.no_store || other.ttl || other.max_age);
}

TEST(CacheWish, WhatSeveralSayAddsUp) {
  Hints hints;
  EXPECT_TRUE(ReadHint("x-signalbox-cache-control", "ttl=10m, max-age=5m", hints));
  EXPECT_TRUE(ReadHint("cache-control", "max-age=60", hints));
  Hints body;
  EXPECT_TRUE(ReadHint("x-signalbox-cache-control", "no-cache, ttl=1h", body));
  hints.AddMissing(body);
  EXPECT_TRUE(hints.cache.no_cache);
  EXPECT_EQ(hints.cache.ttl, minutes(10));
  EXPECT_EQ(hints.cache.max_age, minutes(1));
}

TEST(CacheWish, ALongTimeDoesNotOverflow) {
  const CacheWish wish = WishOf("x-signalbox-cache-control", "ttl=9223372036854775807");
  EXPECT_GT(*wish.ttl, hours(24));
}

}  // namespace
}  // namespace signalbox::request
