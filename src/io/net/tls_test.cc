#include "io/net/tls.h"

#include <csignal>

#include "base/async/async_testing.h"
#include "io/net/client.h"
#include "io/net/server_testing.h"
#include "io/net/tls_testing.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;
using async::Deadline;
using async::Task;

constexpr std::string_view kNames = "DNS:localhost,IP:127.0.0.1";

// A TLS server with a certificate of its own, and how a client reaches it.
struct TlsRig {
  explicit TlsRig(const std::string& names = std::string(kNames), long valid_from = -3600,
                  long valid_until = 3600, ServerOptions options = {})
      : certificate(names, valid_from, valid_until),
        context(TlsContext::ForServer(certificate.cert_file(), certificate.key_file())) {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does
    EXPECT_TRUE(context.has_value()) << context.error().message;
    rig = std::make_unique<ServerRig>(std::move(options),
                                      std::make_shared<const TlsContext>(*std::move(context)));
  }
  TestCertificate certificate;
  core::Result<TlsContext> context;
  std::unique_ptr<ServerRig> rig;
};

struct Asked {
  std::string answer;  // or the error's message
  core::ErrorCode code = core::ErrorCode::kInternal;
  std::uint32_t connects = 0;
};

// Sends `request` and reads an answer with a length, `times` times over one Client.
Task<void> Ask(async::Loop* loop, Origin origin, const TlsContext* tls, std::string request,
               int times, Asked* out) {
  Resolver resolver(*loop);
  Client client(*loop, resolver, tls, std::move(origin), {});
  for (int i = 0; i < times; ++i) {
    out->answer.clear();
    auto connection = client.TakeKept();
    if (connection == nullptr) {
      auto made = co_await client.Connect({loop->now() + 20s});
      if (!made) {
        *out = {made.error().message, made.error().code, out->connects};
        co_return;
      }
      connection = *std::move(made);
      ++out->connects;
    }
    iovec piece{request.data(), request.size()};
    std::span<iovec> pieces(&piece, 1);
    const core::Status sent = co_await connection->stream().WriteRest(pieces, 20s, {});
    EXPECT_TRUE(sent.has_value());
    std::string room(64 * 1024, '\0');
    std::size_t whole = 0;
    do {
      const auto got = co_await connection->stream().Read(room, {loop->now() + 20s});
      if (!got || *got == 0) {
        ADD_FAILURE() << "no answer: " << (got ? "end" : got.error().message);
        co_return;
      }
      out->answer.append(room, 0, *got);
      const std::size_t field = out->answer.find("content-length: ");
      if (const std::size_t end = out->answer.find("\r\n\r\n"); end != std::string::npos) {
        whole = end + 4 + std::stoul(out->answer.substr(field + 16));
      }
    } while (out->answer.size() < whole || whole == 0);
    client.GiveBack(std::move(connection));
    // A turn of the loop, so that whatever the server still has to say has been heard.
    co_await loop->SleepUntil({loop->now() + 5ms});
  }
}

Asked AskTls(const TlsRig& tls, const std::string& host, const std::string& ca_file,
             std::string request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n", int times = 1) {
  Asked asked;
  const auto context = TlsContext::ForClient(ca_file);
  EXPECT_TRUE(context.has_value());
  async::RunOnLoop([&](async::Loop& loop) {
    return Ask(&loop, {true, host, tls.rig->port()}, &*context, std::move(request), times, &asked);
  });
  return asked;
}

TEST(Tls, AnswersOverAConnectionThatBothSidesTrust) {
  const TlsRig tls;
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const Asked asked = AskTls(tls, host, tls.certificate.cert_file());
    EXPECT_TRUE(asked.answer.ends_with("\r\n\r\nhello")) << host << ": " << asked.answer;
  }
}

TEST(Tls, CarriesLargeBodiesBothWays) {
  const TlsRig tls;
  const std::string body(900'000, 'x');
  const Asked asked =
      AskTls(tls, "localhost", tls.certificate.cert_file(),
             "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 900000\r\n\r\n" + body);
  EXPECT_TRUE(asked.answer.ends_with("|" + body)) << asked.answer.substr(0, 100);
}

TEST(Tls, AConnectionIsUsedAgain) {
  const TlsRig tls;
  const Asked asked =
      AskTls(tls, "localhost", tls.certificate.cert_file(), "GET / HTTP/1.1\r\nhost: a\r\n\r\n", 4);
  EXPECT_TRUE(asked.answer.ends_with("hello"));
  EXPECT_EQ(asked.connects, 1U);
}

TEST(Tls, ACertificateForAnotherNameIsRefused) {
  const TlsRig tls("DNS:elsewhere.test,IP:127.0.0.2");
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const Asked asked = AskTls(tls, host, tls.certificate.cert_file());
    EXPECT_EQ(asked.code, core::ErrorCode::kConnectFailed) << asked.answer;
    EXPECT_NE(asked.answer.find("mismatch"), std::string::npos) << asked.answer;
  }
  EXPECT_EQ(tls.rig->notes().Count("/"), 0);
}

TEST(Tls, AnUnknownAuthorityIsRefused) {
  const TlsRig tls;
  const TestCertificate other{std::string(kNames)};
  const Asked asked = AskTls(tls, "localhost", other.cert_file());
  EXPECT_EQ(asked.code, core::ErrorCode::kConnectFailed);
  EXPECT_NE(asked.answer.find("certificate was refused"), std::string::npos) << asked.answer;
}

TEST(Tls, AnExpiredCertificateIsRefused) {
  const TlsRig tls(std::string(kNames), -7200, -3600);
  const Asked asked = AskTls(tls, "localhost", tls.certificate.cert_file());
  EXPECT_EQ(asked.code, core::ErrorCode::kConnectFailed);
  EXPECT_NE(asked.answer.find("expired"), std::string::npos) << asked.answer;
}

TEST(Tls, ACertificateOfTomorrowIsRefused) {
  const TlsRig tls(std::string(kNames), 3600, 7200);
  const Asked asked = AskTls(tls, "localhost", tls.certificate.cert_file());
  EXPECT_NE(asked.answer.find("not yet valid"), std::string::npos) << asked.answer;
}

TEST(Tls, AServerThatSpeaksPlainIsRefusedAndNothingIsSentInThePlain) {
  ServerRig plain;
  const TestCertificate certificate{std::string(kNames)};
  const auto context = TlsContext::ForClient(certificate.cert_file());
  Asked asked;
  async::RunOnLoop([&](async::Loop& loop) {
    return Ask(&loop, {true, "localhost", plain.port()}, &*context, "GET /x", 1, &asked);
  });
  EXPECT_EQ(asked.code, core::ErrorCode::kConnectFailed) << asked.answer;
}

TEST(Tls, AClientThatSpeaksPlainIsToldSoAndServedNothing) {
  const TlsRig tls;
  RawPeer peer = tls.rig->Connect();
  peer.Send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  const std::string answer = peer.All();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
  EXPECT_NE(answer.find("https://"), std::string::npos) << answer;
  EXPECT_EQ(tls.rig->notes().Count("/"), 0);
}

TEST(Tls, AHandshakeThatDoesNotComeIsGivenUp) {
  ServerOptions options;
  options.timeouts.header = 40ms;
  const TlsRig tls(std::string(kNames), -3600, 3600, options);
  RawPeer peer = tls.rig->Connect();
  EXPECT_TRUE(peer.AtEnd());
}

// Between two requests a TLS connection is as idle as a plain one: it is kept for the idle time,
// not for that of a head, and a drain closes it.
Task<void> AskThenStay(async::Loop* loop, std::uint16_t port, const TlsContext* tls,
                       core::MonoTime until, bool* ended) {
  Resolver resolver(*loop);
  Client client(*loop, resolver, tls, {true, "localhost", port}, {});
  auto connection = co_await client.Connect({});
  std::string request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
  iovec piece{request.data(), request.size()};
  std::span<iovec> pieces(&piece, 1);
  co_await (*connection)->stream().WriteRest(pieces, 20s, {});
  std::string room(64 * 1024, '\0');
  const auto answer = co_await (*connection)->stream().Read(room, {loop->now() + 20s});
  EXPECT_TRUE(answer.has_value());
  const auto end = co_await (*connection)->stream().Read(room, {until});
  *ended = end.has_value() || end.error().code != core::ErrorCode::kDeadlineExceeded;
}

TEST(Tls, AnIdleConnectionIsKeptForTheIdleTime) {
  ServerOptions options;
  options.timeouts.header = 100ms;
  options.timeouts.idle = 60s;
  const TlsRig tls(std::string(kNames), -3600, 3600, options);
  const auto context = TlsContext::ForClient(tls.certificate.cert_file());
  bool ended = false;
  async::RunOnLoop([&](async::Loop& loop) {
    return AskThenStay(&loop, tls.rig->port(), &*context, loop.now() + 600ms, &ended);
  });
  EXPECT_FALSE(ended) << "closed after the time for a head";
}

TEST(Tls, ARenewedCertificateIsForTheNextConnections) {
  TlsRig tls(std::string(kNames), -7200, -3600);  // it has expired
  EXPECT_FALSE(AskTls(tls, "localhost", tls.certificate.cert_file()).answer.ends_with("hello"));
  const TestCertificate renewed{std::string(kNames)};
  auto context = TlsContext::ForServer(renewed.cert_file(), renewed.key_file());
  ASSERT_TRUE(context.has_value());
  tls.rig->Adopt({}, std::make_shared<const TlsContext>(*std::move(context)));
  EXPECT_TRUE(AskTls(tls, "localhost", renewed.cert_file()).answer.ends_with("hello"));
}

TEST(Tls, SaysWhichFileIsWrong) {
  const TestCertificate one{std::string(kNames)};
  const TestCertificate two{std::string(kNames)};
  const auto no_cert = TlsContext::ForServer("/nowhere/cert.pem", one.key_file());
  ASSERT_FALSE(no_cert.has_value());
  EXPECT_NE(no_cert.error().message.find("/nowhere/cert.pem"), std::string::npos);
  const auto wrong_key = TlsContext::ForServer(one.cert_file(), two.key_file());
  ASSERT_FALSE(wrong_key.has_value());
  EXPECT_NE(wrong_key.error().message.find(two.key_file()), std::string::npos);
  const auto no_ca = TlsContext::ForClient("/nowhere/ca.pem");
  ASSERT_FALSE(no_ca.has_value());
  EXPECT_NE(no_ca.error().message.find("/nowhere/ca.pem"), std::string::npos);
}

}  // namespace
}  // namespace signalbox::net
