#include "io/net/resolver.h"

#include "base/async/async_testing.h"
#include "io/net/name_server_testing.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;

const std::string kName = "llm.signalbox.example";

std::string Text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes, text.data(), text.size());
  return text.data();
}

// Addresses with spaces between, or the error.
std::string Text(const core::Result<std::vector<IpAddress>>& found) {
  if (!found) {
    return found.error().message;
  }
  std::string out;
  for (const IpAddress& address : *found) {
    out += (out.empty() ? "" : " ") + Text(address);
  }
  return out;
}

async::Task<std::string> Find(Resolver& resolver, async::Loop& loop) {
  const auto found = co_await resolver.Resolve(kName, {loop.now() + 8s});
  co_return Text(found);
}

LOOP_TEST(Resolver, ReadsNumericAddressesAsTheyStand) {
  Resolver resolver(loop);
  const auto v4 = co_await resolver.Resolve("127.0.0.2", {});
  EXPECT_TRUE(v4.has_value() && v4->size() == 1 && !v4->front().v6);
  EXPECT_EQ(v4->front().bytes[3], 2);
  const auto v6 = co_await resolver.Resolve("::1", {});
  EXPECT_TRUE(v6.has_value() && v6->front().v6);
  EXPECT_EQ(v6->front().bytes[15], 1);
}

LOOP_TEST(Resolver, PutsIpv4First) {
  Resolver resolver(loop);
  const auto addresses = co_await resolver.Resolve("localhost", {loop.now() + 20s});
  if (!addresses || addresses->empty()) {
    ADD_FAILURE() << "localhost has no address";
    co_return;
  }
  EXPECT_FALSE(addresses->front().v6);
}

// A look-up that nobody waits for any more must not outlive the resolver.
LOOP_TEST(Resolver, MayGoWhileALookUpIsUnderWay) {
  auto resolver = std::make_unique<Resolver>(loop);
  async::Cancellation cancellation;
  cancellation.Cancel();
  const auto found = co_await resolver->Resolve("nobody.invalid", {loop.now() + 1s, &cancellation});
  EXPECT_FALSE(found.has_value());
  resolver.reset();
}

LOOP_TEST(Resolver, GivesBothFamiliesIpv4FirstAndKeepsThemForTheirTtl) {
  NameServer server;
  server.Say(NameServer::kA, {.addresses = {"10.0.0.1", "10.0.0.2"}});
  server.Say(NameServer::kAaaa, {.addresses = {"fd00::1"}});
  Resolver resolver(loop, server.Options());
  for (int i = 0; i < 3; ++i) {
    const std::string found = co_await Find(resolver, loop);
    EXPECT_EQ(found, "10.0.0.1 10.0.0.2 fd00::1");
  }
  EXPECT_EQ(server.asked(NameServer::kA), 1);
  EXPECT_EQ(server.asked(NameServer::kAaaa), 1);
}

LOOP_TEST(Resolver, SilenceAboutOneFamilyDoesNotHoldUpTheOther) {
  for (const int silent : {NameServer::kA, NameServer::kAaaa}) {
    NameServer server;
    const bool v4 = silent == NameServer::kAaaa;
    server.Say(silent, {.silent = true});
    server.Say(v4 ? NameServer::kA : NameServer::kAaaa,
               {.addresses = {v4 ? "10.0.0.1" : "fd00::1"}});
    Resolver resolver(loop, server.Options());
    const core::MonoTime begun = loop.now();
    const std::string found = co_await Find(resolver, loop);
    EXPECT_EQ(found, v4 ? "10.0.0.1" : "fd00::1");
    EXPECT_LT(loop.now() - begun, 1s);
  }
}

LOOP_TEST(Resolver, UsesTheLastAddressForABoundedTime) {
  NameServer server;
  server.Say(NameServer::kA, {.addresses = {"10.0.0.1"}, .ttl = 0});
  Resolver resolver(loop, server.Options(1500ms));
  std::string found = co_await Find(resolver, loop);
  EXPECT_EQ(found, "10.0.0.1");
  server.Say(NameServer::kA, {.code = NameServer::kServFail});
  const core::MonoTime failing = loop.now();
  while (loop.now() < failing + 2s) {
    co_await loop.SleepUntil({loop.now() + 100ms});
    found = co_await Find(resolver, loop);
    EXPECT_EQ(found, "10.0.0.1") << (loop.now() - failing).count();
  }
  co_await loop.SleepUntil({loop.now() + 1s});
  found = co_await Find(resolver, loop);
  EXPECT_NE(found.find("cannot be resolved"), found.npos) << found;
  server.Say(NameServer::kA, {.addresses = {"10.0.0.3"}});
  while (found != "10.0.0.3" && loop.now() < failing + 20s) {
    co_await loop.SleepUntil({loop.now() + 100ms});
    found = co_await Find(resolver, loop);
  }
  EXPECT_EQ(found, "10.0.0.3");
}

LOOP_TEST(Resolver, ANameThatIsNotThereIsNotAskedForAgainAtOnce) {
  NameServer server;
  server.Say(NameServer::kA, {.code = NameServer::kNxDomain});
  server.Say(NameServer::kAaaa, {.code = NameServer::kNxDomain});
  Resolver resolver(loop, server.Options());
  const std::string found = co_await Find(resolver, loop);
  EXPECT_NE(found.find("'" + kName + "' cannot be resolved"), found.npos) << found;
  EXPECT_NE(found.find("check the host in base_url"), found.npos) << found;
  const int asked = server.asked(NameServer::kA);
  const std::string again = co_await Find(resolver, loop);
  EXPECT_EQ(again, found);
  EXPECT_EQ(server.asked(NameServer::kA), asked);
}

TEST(ServerList, TakesAddressesWithAndWithoutAPort) {
  std::string wrong;
  const std::vector<std::string> servers = {"10.0.0.2", "10.0.0.2:5353", "fd00::1",
                                            "[fd00::1]:5353"};
  EXPECT_EQ(ServerList(servers, wrong), "10.0.0.2:53,10.0.0.2:5353,[fd00::1]:53,[fd00::1]:5353");
  EXPECT_EQ(ServerList({}, wrong), "");
}

TEST(ServerList, NamesTheOneThatIsNoAddress) {
  for (const std::string each : {"dns.example", "10.0.0", "10.0.0.2:0", "10.0.0.2:", "[fd00::1", "",
                                 "10.0.0.2,10.0.0.3", "localhost:53"}) {
    std::string wrong;
    EXPECT_FALSE(ServerList(std::vector<std::string>{"10.0.0.2", each}, wrong)) << each;
    EXPECT_EQ(wrong, each);
  }
}

}  // namespace
}  // namespace signalbox::net
