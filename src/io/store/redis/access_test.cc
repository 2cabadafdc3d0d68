// Who may speak to a Redis, and how: passwords, users, TLS, databases, prefixes.
#include "io/net/tls_testing.h"
#include "io/store/redis/redis_rig_testing.h"
#include "io/store/slice_contract_testing.h"
#include "io/store/tally_contract_testing.h"
#include "io/store/values_contract_testing.h"

namespace signalbox::store {
namespace {

using namespace std::chrono_literals;
using async::Task;
using core::ErrorCode;

Task<std::string> WhyNot(RedisRig& rig) {
  const auto got = co_await rig.shared().Get("k", rig.Soon());
  EXPECT_EQ(CodeOf(got), ErrorCode::kUnavailable);
  co_await rig.shared().Close(rig.Soon());
  co_return got ? "" : got.error().message;
}

LOOP_TEST(RedisAccess, APasswordIsGiven) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop, Patient(RedisOptions{.password = "hunter2"}), {"--requirepass", "hunter2"});
  const Slice slice = co_await rig.Granted(DrawBy("a", 1, 300));
  EXPECT_EQ(slice.held, 300);
  co_await rig.shared().Close(rig.Soon());
}

LOOP_TEST(RedisAccess, AWrongPasswordIsToldWithoutIt) {
  if (RedisRig::Missing()) co_return;
  RedisRig wrong(loop, Patient(RedisOptions{.password = "hunter3"}), {"--requirepass", "hunter2"});
  const std::string refused = co_await WhyNot(wrong);
  EXPECT_NE(refused.find("refuses the user or password"), std::string::npos) << refused;
  EXPECT_EQ(refused.find("hunter"), std::string::npos) << refused;
  RedisRig none(loop, Patient(RedisOptions{}), {"--requirepass", "hunter2"});
  const std::string missing = co_await WhyNot(none);
  EXPECT_NE(missing.find("wants a password"), std::string::npos) << missing;
}

LOOP_TEST(RedisAccess, AUserMayBeAllowedLittle) {
  if (RedisRig::Missing()) co_return;
  // Everything a replica needs, on its own keys and channels, without loading scripts.
  const std::vector<std::string> words{"--user",   "box",   "on",       ">hunter2", "~box:*",
                                       "&box:*",   "-@all", "+@read",   "+@write",  "+@connection",
                                       "+@pubsub", "+eval", "+evalsha", "+time",    "+select"};
  const RedisOptions options = Patient({.user = "box", .password = "hunter2", .prefix = "box:"});
  RedisRig rig(loop, options, words);
  co_await contract::GrantsOnlyWhatThereIsRoomFor(rig);
  co_await contract::ATallyIsTheSumOfItsTellers(rig);
  co_await contract::MessagesReachWhoeverHearsTheChannel(rig);
  co_await rig.shared().Close(rig.Soon());
  RedisOptions elsewhere = options;
  elsewhere.prefix = "other:";
  RedisRig refused(loop, elsewhere, words);
  const std::string why = co_await WhyNot(refused);
  EXPECT_NE(why.find("ACL"), std::string::npos) << why;
}

LOOP_TEST(RedisAccess, TlsBelievesOnlyItsAuthority) {
  if (RedisRig::Missing()) co_return;
  const net::TestCertificate certificate("IP:127.0.0.1");
  const net::TestCertificate other("IP:127.0.0.1");
  const std::vector<std::string> files{certificate.cert_file(), certificate.key_file()};
  RedisRig rig(loop, Patient(RedisOptions{.tls = true, .ca_file = certificate.cert_file()}), {},
               files);
  co_await contract::EachDrawHasItsOwnAnswer(rig);
  co_await contract::MessagesReachWhoeverHearsTheChannel(rig);
  co_await rig.shared().Close(rig.Soon());
  RedisRig stranger(loop, Patient(RedisOptions{.tls = true, .ca_file = other.cert_file()}), {},
                    files);
  const std::string why = co_await WhyNot(stranger);
  EXPECT_NE(why.find("tls"), std::string::npos) << why;
  net::Resolver resolver(loop);
  const auto none =
      SharedOnRedis::Open(loop, resolver, {.tls = true, .ca_file = "/nowhere/ca.pem"});
  EXPECT_FALSE(none.has_value());
}

LOOP_TEST(RedisAccess, KeysAreInTheirDatabaseUnderTheirPrefix) {
  if (RedisRig::Missing()) co_return;
  RedisRig rig(loop, Patient(RedisOptions{.database = 3, .prefix = "mine:"}));
  (void)co_await rig.Granted(DrawBy("a", 1, 300));
  const core::Status set = co_await rig.shared().Set("k", "v", 0ms, rig.Soon());
  EXPECT_TRUE(set.has_value());
  EXPECT_EQ(rig.server().Tell("DBSIZE"), ":0\r\n");
  EXPECT_EQ(rig.server().Tell("SWAPDB 0 3"), "+OK\r\n");
  EXPECT_EQ(rig.server().Tell("GET mine:v:k"), "$1\r\nv\r\n");
  EXPECT_EQ(rig.server().Tell("EXISTS mine:a:{budget}:2026-11"), ":1\r\n");
  EXPECT_EQ(rig.server().Tell("DBSIZE"), ":2\r\n");
  co_await rig.shared().Close(rig.Soon());
}

}  // namespace
}  // namespace signalbox::store
