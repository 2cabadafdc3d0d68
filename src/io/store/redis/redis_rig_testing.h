// Shared over a Redis, for tests.
#pragma once

#include "io/store/redis/redis_testing.h"
#include "io/store/redis/shared_on_redis.h"
#include "io/store/shared_rig_testing.h"

namespace signalbox::store {

// Patient, because machines are busy; quick to try again.
inline RedisOptions Patient(RedisOptions options) {
  options.connect = std::chrono::seconds(20);
  options.silence = std::chrono::seconds(20);
  options.first_pause = std::chrono::milliseconds(5);
  options.longest_pause = std::chrono::milliseconds(50);
  return options;
}

// On a server of its own.
class RedisRig : public SharedRig {
 public:
  explicit RedisRig(async::Loop& loop, RedisOptions options = Patient({}),
                    std::vector<std::string> words = {}, std::vector<std::string> tls_files = {})
      : SharedRig(loop), server_(std::move(words), std::move(tls_files)), resolver_(loop) {
    options.port = server_.port();
    auto opened = SharedOnRedis::Open(loop, resolver_, std::move(options));
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
    shared_ = *std::move(opened);
  }
  static bool Missing() { return RedisServer::Missing(); }

  Shared& shared() override { return *shared_; }
  RedisServer& server() { return server_; }
  net::Resolver& resolver() { return resolver_; }
  async::Task<void> Lose() override {
    EXPECT_EQ(server_.Tell("FLUSHALL"), "+OK\r\n");
    co_return;
  }

 private:
  RedisServer server_;
  net::Resolver resolver_;
  std::unique_ptr<SharedOnRedis> shared_;
};

}  // namespace signalbox::store
