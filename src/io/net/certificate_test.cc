#include "io/net/certificate.h"

#include "io/net/tls_testing.h"

namespace signalbox::net {
namespace {

using namespace std::chrono_literals;

TEST(Certificate, SaysForWhomAndUntilWhen) {
  const TestCertificate made("DNS:localhost,DNS:*.example.com,IP:127.0.0.1,IP:::1", -7200, 86400);
  const auto read = ReadCertificate(made.cert_file());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->names,
            (std::vector<std::string>{"localhost", "*.example.com", "127.0.0.1", "::1"}));
  const core::WallTime now = core::WallNow();
  EXPECT_LT(std::chrono::abs(read->from - (now - 2h)), 60s);
  EXPECT_LT(std::chrono::abs(read->until - (now + 24h)), 60s);
}

TEST(Certificate, AFileThatHoldsNoneIsSaidByName) {
  const TestCertificate made("DNS:localhost");
  for (const std::string& file : {made.key_file(), std::string("/nowhere/cert.pem")}) {
    const auto read = ReadCertificate(file);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().message.find(file + ": "), 0U) << read.error().message;
  }
}

}  // namespace
}  // namespace signalbox::net
