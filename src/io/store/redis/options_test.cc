#include "io/store/redis/options.h"

#include <gtest/gtest.h>

#include "io/store/redis/link.h"

namespace signalbox::store {
namespace {

using namespace std::chrono_literals;

TEST(RedisUrl, SaysEverything) {
  const auto options =
      ParseRedisUrl("rediss://bob:p%40ss%3A%2f@db.example:7000/3?prefix=a%3a&ca_file=/etc/ca.pem");
  ASSERT_TRUE(options.has_value()) << options.error().message;
  EXPECT_TRUE(options->tls);
  EXPECT_EQ(options->user, "bob");
  EXPECT_EQ(options->password, "p@ss:/");
  EXPECT_EQ(options->host, "db.example");
  EXPECT_EQ(options->port, 7000);
  EXPECT_EQ(options->database, 3);
  EXPECT_EQ(options->prefix, "a:");
  EXPECT_EQ(options->ca_file, "/etc/ca.pem");
  EXPECT_EQ(options->Name(), "Redis db.example:7000/3");
}

TEST(RedisUrl, LeavesOutWhatIsUsual) {
  const auto options = ParseRedisUrl("redis://[::1]");
  ASSERT_TRUE(options.has_value());
  EXPECT_FALSE(options->tls);
  EXPECT_EQ(options->host, "::1");
  EXPECT_EQ(options->port, 6379);
  EXPECT_EQ(options->prefix, "signalbox:");
  EXPECT_EQ(options->Name(), "Redis [::1]:6379/0");
  EXPECT_EQ(ParseRedisUrl("redis://:secret@h/")->password, "secret");
}

TEST(RedisUrl, SaysWhatIsWrongAndNotWhatIsSecret) {
  for (const std::string_view url :
       {"", "http://secret@h", "redis://", "redis://:secret@", "redis://u:secret@h:x",
        "redis://u:secret@h:0", "redis://u:secret@h:65536", "redis://u:secret@h/x",
        "redis://u:secret@h/-1", "redis://u:secret%@h", "redis://u:secret%4@h",
        "redis://u:secret%zz@h", "redis://secret@h", "redis://u:secret@[::1",
        "redis://u:secret@[::1]x", "redis://u:secret@h?secret=1", "redis://h?prefix=%s"}) {
    const auto options = ParseRedisUrl(url);
    ASSERT_FALSE(options.has_value()) << url;
    EXPECT_EQ(options.error().code, core::ErrorCode::kInvalidRequest) << url;
    EXPECT_EQ(options.error().message.find("secret"), std::string::npos) << url;
  }
}

TEST(RedisPause, GrowsToALimitAndDiffersFromReplicaToReplica) {
  const RedisOptions options{.first_pause = 50ms, .longest_pause = 5s};
  EXPECT_EQ(PauseAfter(options, 1, 0), 25ms);
  EXPECT_EQ(PauseAfter(options, 1, 0.5), 50ms);
  EXPECT_EQ(PauseAfter(options, 3, 0.5), 200ms);
  EXPECT_EQ(PauseAfter(options, 8, 0), 2500ms);
  EXPECT_LT(PauseAfter(options, 1'000'000, 0.999), 7500ms);
}

}  // namespace
}  // namespace signalbox::store
