// Two nodes of a real cluster, each with half of the slots.
#include "io/store/history_testing.h"
#include "io/store/redis/redis_rig_testing.h"
#include "io/store/slice_contract_testing.h"
#include "io/store/tally_contract_testing.h"
#include "io/store/values_contract_testing.h"

namespace signalbox::store {
namespace {

using namespace std::chrono_literals;
using async::Task;

std::vector<std::string> ClusterWords() {
  return {"--cluster-enabled", "yes", "--cluster-port", std::to_string(RedisServer::FreePort())};
}

// The word after "key:" in what CLUSTER INFO and INFO say.
std::string Said(const RedisServer& server, const std::string& command, const std::string& key) {
  const std::string text = server.Tell(command);
  const std::size_t at = text.find(key + ":");
  return at == std::string::npos ? "" : text.substr(at + key.size() + 1, 1);
}

class ClusterRig final : public SharedRig {
 public:
  explicit ClusterRig(async::Loop& loop)
      : SharedRig(loop),
        first_words_(ClusterWords()),
        second_words_(ClusterWords()),
        first_(first_words_),
        second_(second_words_),
        resolver_(loop) {}

  Shared& shared() override { return *shared_; }
  RedisServer& first() { return first_; }
  RedisServer& second() { return second_; }

  Task<bool> Form() {
    EXPECT_EQ(first_.Tell("CLUSTER ADDSLOTSRANGE 0 8191"), "+OK\r\n");
    EXPECT_EQ(second_.Tell("CLUSTER ADDSLOTSRANGE 8192 16383"), "+OK\r\n");
    EXPECT_EQ(second_.Tell("CLUSTER SET-CONFIG-EPOCH 2"), "+OK\r\n");
    EXPECT_EQ(first_.Tell("CLUSTER MEET 127.0.0.1 " + std::to_string(second_.port()) + " " +
                          second_words_[3]),
              "+OK\r\n");
    const core::MonoTime until = loop().now() + 40s;
    while (loop().now() < until) {
      if (Said(first_, "CLUSTER INFO", "cluster_state") == "o" &&
          Said(second_, "CLUSTER INFO", "cluster_state") == "o") {
        break;
      }
      co_await loop().SleepUntil({loop().now() + 20ms});
    }
    EXPECT_LT(loop().now(), until) << "the nodes do not find each other";
    shared_ = SharedOnRedis::Open(loop(), resolver_, Patient({.port = first_.port()})).value();
    co_return true;
  }
  Task<void> Lose() override {
    EXPECT_EQ(first_.Tell("FLUSHALL"), "+OK\r\n");
    EXPECT_EQ(second_.Tell("FLUSHALL"), "+OK\r\n");
    co_return;
  }
  static std::string Id(const RedisServer& server) {
    const std::string text = server.Tell("CLUSTER MYID");  // "$40\r\n…\r\n"
    return text.substr(text.find('\n') + 1, 40);
  }

 private:
  std::vector<std::string> first_words_;
  std::vector<std::string> second_words_;
  RedisServer first_;
  RedisServer second_;
  net::Resolver resolver_;
  std::unique_ptr<SharedOnRedis> shared_;
};

LOOP_TEST(RedisCluster, CallsGoWhereTheirKeysAre) {
  if (RedisServer::Missing()) co_return;
  ClusterRig rig(loop);
  (void)co_await rig.Form();
  co_await contract::EachDrawHasItsOwnAnswer(rig);
  co_await contract::NamesAreTakenAsTheyAre(rig);
  EXPECT_NE(rig.first().Tell("DBSIZE"), ":0\r\n");
  EXPECT_NE(rig.second().Tell("DBSIZE"), ":0\r\n");
  co_await contract::ATallyIsTheSumOfItsTellers(rig);
  co_await contract::ALeaseHasOneOwner(rig);
  co_await contract::MessagesReachWhoeverHearsTheChannel(rig);
  co_await rig.Lose();
  co_await contract::HoldsInRandomHistories(rig);
  co_await rig.shared().Close(rig.Soon());
}

LOOP_TEST(RedisCluster, ASlotThatMovesIsFollowed) {
  if (RedisServer::Missing()) co_return;
  ClusterRig rig(loop);
  (void)co_await rig.Form();
  const AccountName name{"budget", "2026-11"};
  const int slot = KeySlot("{budget}");
  RedisServer& from = slot < 8192 ? rig.first() : rig.second();
  RedisServer& to = slot < 8192 ? rig.second() : rig.first();
  (void)co_await rig.Granted(DrawBy("a", 1, 300));
  // The key has gone ahead of its slot: the old node says ASK.
  const std::string number = std::to_string(slot);
  EXPECT_EQ(to.Tell("CLUSTER SETSLOT " + number + " IMPORTING " + ClusterRig::Id(from)), "+OK\r\n");
  EXPECT_EQ(from.Tell("CLUSTER SETSLOT " + number + " MIGRATING " + ClusterRig::Id(to)), "+OK\r\n");
  EXPECT_EQ(from.Tell("MIGRATE 127.0.0.1 " + std::to_string(to.port()) +
                      " signalbox:a:{budget}:2026-11 0 5000"),
            "+OK\r\n");
  const Slice asked = co_await rig.Granted(DrawBy("a", 2, 400));
  EXPECT_EQ(asked.held, 400);
  for (RedisServer* node : {&to, &from}) {
    EXPECT_EQ(node->Tell("CLUSTER SETSLOT " + number + " NODE " + ClusterRig::Id(to)), "+OK\r\n");
  }
  const Slice moved = co_await rig.Granted(DrawBy("a", 3, 500));
  EXPECT_EQ(moved.held, 500);
  EXPECT_EQ(from.Tell("DBSIZE"), ":0\r\n");
  co_await rig.shared().Close(rig.Soon());
}

}  // namespace
}  // namespace signalbox::store
