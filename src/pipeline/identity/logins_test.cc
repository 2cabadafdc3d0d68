#include "pipeline/identity/logins.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/async/async_testing.h"
#include "io/net/raw_peer_testing.h"
#include "pipeline/identity/identity_testing.h"
#include "pipeline/identity/issuer_testing.h"
#include "pipeline/identity/rows.h"

namespace signalbox::identity {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;
using request::Role;

// Publishes a key set over HTTP and counts who asks for it.
class KeyServer {
 public:
  explicit KeyServer(std::string body) : body_(std::move(body)), thread_([this] { Run(); }) {}
  ~KeyServer() {
    stop_ = true;
    net::RawPeer::ConnectTo(listener_.port());
    thread_.join();
  }
  std::uint16_t port() const { return listener_.port(); }
  int asked() const { return asked_; }
  void Publish(std::string body) {
    const std::lock_guard lock(mutex_);
    body_ = std::move(body);
  }

 private:
  std::string body() {
    const std::lock_guard lock(mutex_);
    return body_;
  }
  void Run() {
    for (;;) {
      net::RawPeer peer = listener_.Accept();
      if (stop_) {
        return;
      }
      peer.Message();
      ++asked_;
      const std::string body = this->body();
      peer.Send(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
          "content-length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body);
      peer.ShutdownWrite();
      peer.Some();
    }
  }

  net::RawListener listener_;
  std::mutex mutex_;
  std::string body_;  // under it
  std::atomic<bool> stop_ = false;
  std::atomic<int> asked_ = 0;
  std::thread thread_;
};

IssuerOptions OptionsOf(std::uint16_t port) {
  IssuerOptions options;
  options.issuer = "https://id.example";
  options.audience = {"signalbox"};
  options.jwks_url = *config::ParseUrl("http://127.0.0.1:" + std::to_string(port) + "/keys");
  options.role_map = {"boss=admin", "dev=member"};
  return options;
}

std::string ClaimsOf(const std::string& subject, const std::string& roles = R"(["dev"])") {
  const auto now = core::WallNow().time_since_epoch() / 1s;
  return R"({"iss":"https://id.example","aud":"signalbox","sub":")" + subject + R"(","roles":)" +
         roles + R"(,"iat":)" + std::to_string(now) + R"(,"exp":)" + std::to_string(now + 600) +
         "}";
}

// One worker on the test's own loop.
struct Desktop {
  explicit Desktop(async::Loop& on, std::map<std::string, IssuerOptions> issuers = {})
      : loop(on), resolver(on) {
    EXPECT_TRUE(identity.EnsureAdmin(kNow)->has_value());
    view = std::make_unique<DirectoryView>(*directory, loop);
    if (issuers.empty()) {
      issuers["id"] = OptionsOf(server.port());
    }
    logins = std::make_unique<Logins>(
        Logins::Parts{
            .loop = loop, .pool = pool, .view = *view, .users = users, .resolver = resolver},
        issuers, IssuerTls());
  }
  async::Task<core::Result<request::Principal>> Find(std::string token) {
    if (const auto known = logins->Recognize(token, core::WallNow())) {
      co_return *known;
    }
    co_return co_await logins->Find(std::move(token), core::WallNow(), {loop.now() + 20s});
  }

  async::Loop& loop;
  SigningKey key{Algorithm::kEs256, "one"};
  SigningKey other{Algorithm::kEs256, "one"};  // a stranger's, by the same name
  KeyServer server{KeySetOf({&key})};
  std::unique_ptr<store::Sqlite> sql = TestSql();
  std::unique_ptr<Directory> directory =
      Directory::Open({.sql = *sql, .hasher = TestHasher()}).value();
  Identity identity{*sql, *directory};
  TokenUsers users{*sql, *directory, {}};
  async::Pool pool{2};
  net::Resolver resolver;
  std::unique_ptr<DirectoryView> view;
  std::unique_ptr<Logins> logins;
};

LOOP_TEST(Logins, MakeAUserOnFirstSightAndKnowThemAfterwards) {
  Desktop desk(loop);
  const std::string token = desk.key.Token(ClaimsOf("anna"));
  const auto first = co_await desk.Find(token);
  EXPECT_TRUE(first.has_value()) << first.error().message;
  const auto second = co_await desk.Find(token);
  const auto third = co_await desk.Find(token);
  EXPECT_TRUE(third.has_value());
  if (first && second && third) {
    EXPECT_EQ(first->id, third->id);
    EXPECT_EQ(second->grant, third->grant);  // remembered
    EXPECT_EQ(first->grant->role, Role::kMember);
    EXPECT_EQ(TextOf(first->grant->parties.tenant), desk.directory->home_tenant());
  }
  EXPECT_EQ(desk.server.asked(), 1);
  const auto boss = co_await desk.Find(desk.key.Token(ClaimsOf("boss", R"("boss")")));
  EXPECT_TRUE(boss && boss->grant->role == Role::kAdmin && boss->id != first->id);
  // Who was made as a member is no more because a later token says so.
  const auto risen = co_await desk.Find(desk.key.Token(ClaimsOf("anna", R"("boss")")));
  EXPECT_TRUE(risen && risen->grant->role == Role::kMember && risen->id == first->id);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, RefuseWhatIsNotSignedByTheIssuer) {
  Desktop desk(loop);
  const std::string claims = ClaimsOf("anna");
  for (const std::string& token :
       {desk.other.Token(claims), desk.key.Token(R"({"alg":"none"})", claims),
        desk.key.Token(R"({"alg":"RS256","kid":"one"})", claims), desk.key.Token(claims) + "A",
        std::string("a.b.c"), std::string("..")}) {
    const auto found = co_await desk.Find(token);
    EXPECT_EQ(CodeOf(found), ErrorCode::kUnauthenticated) << token;
  }
  const auto nobody = co_await desk.Find(desk.key.Token(ClaimsOf("eve", R"(["guest"])")));
  EXPECT_EQ(CodeOf(nobody), ErrorCode::kUnauthenticated);
  EXPECT_EQ(desk.logins->remembered(), 0U);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, AskOnceHoweverManyKeyIdsAreMadeUp) {
  Desktop desk(loop);
  for (int i = 0; i < 20; ++i) {
    const SigningKey made_up(Algorithm::kEdDsa, "made-up-" + std::to_string(i));
    const auto found = co_await desk.Find(made_up.Token(ClaimsOf("anna")));
    EXPECT_EQ(CodeOf(found), ErrorCode::kUnauthenticated);
  }
  EXPECT_EQ(desk.server.asked(), 1);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, RecognizeAtOnceWhatWasCheckedBefore) {
  Desktop desk(loop);
  const std::string token = desk.key.Token(ClaimsOf("anna"));
  const core::WallTime now = core::WallNow();
  EXPECT_TRUE(desk.logins->Takes(token));
  EXPECT_FALSE(desk.logins->Takes("sb_key"));
  EXPECT_FALSE(desk.logins->Recognize(token, now));
  co_await desk.Find(token);  // makes the user, who is a change that nothing is remembered over
  const auto found = co_await desk.Find(token);
  const auto known = desk.logins->Recognize(token, now);
  EXPECT_TRUE(found && known && known->id == found->id);
  EXPECT_FALSE(desk.logins->Recognize(token, now + 700s)) << "it has ended";
  EXPECT_FALSE(desk.logins->Recognize(token + "A", now));
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, FindANewKeyOfTheIssuerWithItsFirstToken) {
  Desktop desk(loop);
  const std::string token = desk.key.Token(ClaimsOf("anna"));
  co_await desk.Find(token);  // makes the user
  const auto first = co_await desk.Find(token);
  EXPECT_TRUE(first.has_value());
  const SigningKey second(Algorithm::kRs256, "two");
  desk.server.Publish(KeySetOf({&second}));
  const auto by_second = co_await desk.Find(second.Token(ClaimsOf("anna")));
  EXPECT_TRUE(by_second.has_value());
  EXPECT_EQ(desk.server.asked(), 2);
  const auto again = co_await desk.Find(token);
  EXPECT_TRUE(again.has_value()) << "it was checked";
  const auto by_first = co_await desk.Find(desk.key.Token(ClaimsOf("bert")));
  EXPECT_EQ(CodeOf(by_first), ErrorCode::kUnauthenticated);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, ForgetWhoIsSwitchedOff) {
  Desktop desk(loop);
  const std::string token = desk.key.Token(ClaimsOf("anna"));
  const auto first = co_await desk.Find(token);
  co_await desk.Find(token);
  EXPECT_EQ(desk.logins->remembered(), 1U);
  const auto id = first ? UserId::Parse(first->id) : std::nullopt;
  const request::Principal nobody;
  std::function<bool()> switch_off = [&] {
    return desk.identity.users()
        .Update({.principal = nobody, .now = kNow}, id.value_or(UserId()), {.active = false})
        .has_value();
  };
  const auto done = co_await async::OnPool(loop, desk.pool, std::move(switch_off), {});
  EXPECT_TRUE(done.value_or(false));
  EXPECT_EQ(desk.logins->remembered(), 0U);
  const auto after = co_await desk.Find(token);
  EXPECT_EQ(CodeOf(after), ErrorCode::kUnauthenticated);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, SayThatTheIssuerCannotBeReached) {
  std::uint16_t closed = 0;
  {
    const net::RawListener listener;
    closed = listener.port();
  }
  Desktop desk(loop, {{"id", OptionsOf(closed)}});
  const auto found = co_await desk.Find(desk.key.Token(ClaimsOf("anna")));
  EXPECT_EQ(CodeOf(found), ErrorCode::kUnavailable);
  co_await desk.logins->Close();
}

LOOP_TEST(Logins, GoOnAcrossAReload) {
  Desktop desk(loop);
  const std::string token = desk.key.Token(ClaimsOf("anna"));
  const auto first = co_await desk.Find(token);
  EXPECT_TRUE(first.has_value());
  desk.logins->Adopt({}, {});
  const auto gone = co_await desk.Find(token);
  EXPECT_EQ(CodeOf(gone), ErrorCode::kUnauthenticated);
  desk.logins->Adopt({{"id", OptionsOf(desk.server.port())}}, {});
  const auto again = co_await desk.Find(token);
  EXPECT_TRUE(again.has_value());
  co_await desk.logins->Close();
}

}  // namespace
}  // namespace signalbox::identity
