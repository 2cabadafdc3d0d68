#include "surface/cli/doctor_reach.h"

#include <gtest/gtest.h>

namespace signalbox::cli {
namespace {

using namespace std::chrono_literals;
using core::ErrorCode;

std::string Advice(ErrorCode code, std::string message) {
  return AdviceAfter({code, std::move(message), {}, {}}, "providers.edge.base_url",
                     "providers.edge.ca:");
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(DoctorAdvice, IsAboutTheStepThatFailed) {
  EXPECT_TRUE(Has(Advice(ErrorCode::kConnectFailed, "look up api.exmple.com: no such name"),
                  "resolv.conf"));
  EXPECT_TRUE(Has(Advice(ErrorCode::kConnectFailed, "connect to a:1: connection refused"),
                  "nothing listens"));
  EXPECT_TRUE(Has(Advice(ErrorCode::kDeadlineExceeded, "connect to a:1: a time limit ran out"),
                  "firewall"));
  EXPECT_TRUE(
      Has(Advice(ErrorCode::kUpstreamFailed, "connect to a:1: the peer closed"), "hangs up"));
  EXPECT_TRUE(Has(Advice(ErrorCode::kConnectFailed, "error:0A00010B:SSL::wrong version number"),
                  "http://"));
}

TEST(DoctorAdvice, TellsOneTroubleWithCertificatesFromAnother) {
  const auto refused = [](std::string_view reason) {
    return Advice(ErrorCode::kConnectFailed,
                  "the peer's certificate was refused: " + std::string(reason));
  };
  EXPECT_TRUE(Has(refused("certificate has expired"), "run out"));
  EXPECT_TRUE(Has(refused("certificate is not yet valid"), "clock"));
  EXPECT_TRUE(Has(refused("hostname mismatch"), "providers.edge.base_url"));
  EXPECT_TRUE(Has(refused("self-signed certificate"), "providers.edge.ca: FILE"));
  EXPECT_TRUE(Has(refused("unable to get local issuer certificate"), "ca-certificates"));
}

TEST(DoctorCertificate, IsJudgedByWhatIsLeftOfItsTime) {
  const core::WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
  const auto at = [&](std::chrono::nanoseconds from, std::chrono::nanoseconds until) {
    return JudgeCertificate({{"a.example", "b.example"}, now + from, now + until}, now);
  };
  EXPECT_EQ(at(-24h, 24h * 30).state, CheckState::kOk);
  EXPECT_EQ(at(-24h, 24h * 30).found, "for a.example, b.example, good until 2026-12-21");
  EXPECT_EQ(at(-24h, 24h * 13 + 1h).state, CheckState::kWarning);
  EXPECT_TRUE(Has(at(-24h, 24h * 13 + 1h).found, "in 13 days"));
  EXPECT_EQ(at(-48h, 0h).state, CheckState::kBad);
  EXPECT_TRUE(Has(at(-48h, -24h).found, "2026-11-20"));
  EXPECT_EQ(at(1h, 24h).state, CheckState::kBad);
}

TEST(DoctorTimes, AreShort) {
  EXPECT_EQ(TimeText(35ms), "35 ms");
  EXPECT_EQ(TimeText(1234ms), "1.2 s");
}

}  // namespace
}  // namespace signalbox::cli
