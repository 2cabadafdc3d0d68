#include "surface/cli/doctor_reach.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace signalbox::cli {
namespace {

constexpr std::chrono::days kSoon{14};

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string AdviceOnCertificates(std::string_view message, std::string_view address,
                                 std::string_view ca) {
  if (Has(message, "has expired")) {
    return "the server's certificate has run out (or this machine's clock is wrong: date -u); who "
           "runs the server has to renew it";
  }
  if (Has(message, "not yet valid")) {
    return "look at this machine's clock: date -u";
  }
  if (Has(message, "mismatch")) {
    return fmt::format("write {} with a name that the certificate is for", address);
  }
  return fmt::format(
      "name the file with the authority that has signed it: {} FILE; for public "
      "ones install the package ca-certificates",
      ca);
}

}  // namespace

async::Task<core::Result<Reached>> Reach(async::Loop* loop, net::Resolver* resolver,
                                         const net::TlsContext* tls, net::Origin origin,
                                         async::Deadline deadline) {
  const core::MonoTime started = core::MonoNow();
  net::Client client(*loop, *resolver, tls, std::move(origin), {});
  SB_CO_TRY(const auto connection, co_await client.Connect(deadline));
  Reached reached{.took = core::MonoNow() - started, .certificate = std::nullopt};
  if (connection->stream().tls()) {
    SB_CO_TRY(reached.certificate, net::PeerCertificate(connection->stream().ssl()));
  }
  co_return reached;
}

std::string AdviceAfter(const core::Error& error, std::string_view address, std::string_view ca) {
  const std::string_view message = error.message;
  if (message.starts_with("look up")) {
    return fmt::format(
        "check the name in {}, and whether this machine can look up names "
        "(/etc/resolv.conf)",
        address);
  }
  if (Has(message, "certificate")) {
    return AdviceOnCertificates(message, address, ca);
  }
  if (Has(message, "wrong version number") || Has(message, "packet length too long")) {
    return fmt::format("the port does not speak TLS: {} should begin with http://", address);
  }
  if (Has(message, "refused")) {
    return fmt::format("nothing listens there: start the server, or correct the port in {}",
                       address);
  }
  if (error.code == core::ErrorCode::kUpstreamFailed) {
    return fmt::format(
        "something listens there and hangs up: check {} (https:// where it should "
        "be, the port)",
        address);
  }
  return fmt::format(
      "no answer comes back: a firewall between here and there, no network, or a "
      "wrong address in {}",
      address);
}

Finding JudgeCertificate(const net::Certificate& certificate, core::WallTime now) {
  Finding out;
  const std::string names = fmt::format("{}", fmt::join(certificate.names, ", "));
  const std::string day = DayOf(certificate.until);
  if (now >= certificate.until) {
    out.state = CheckState::kBad;
    out.found = fmt::format("for {} has run out on {}", names, day);
    out.next = "renew it; a running Signalbox takes a new file over by itself";
  } else if (now < certificate.from) {
    out.state = CheckState::kBad;
    out.found = fmt::format("for {} holds from {} only", names, DayOf(certificate.from));
    out.next = "look at this machine's clock: date -u";
  } else if (certificate.until - now < kSoon) {
    const auto left = std::chrono::floor<std::chrono::days>(certificate.until - now).count();
    out.state = CheckState::kWarning;
    out.found = fmt::format("for {} runs out in {} days, on {}", names, left, day);
    out.next = "renew it; a running Signalbox takes a new file over by itself";
  } else {
    out.found = fmt::format("for {}, good until {}", names, day);
  }
  return out;
}

std::string TimeText(std::chrono::nanoseconds time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  return ms < 1000 ? fmt::format("{:.0f} ms", ms) : fmt::format("{:.1f} s", ms / 1000);
}

std::string DayOf(core::WallTime time) {
  return core::Iso8601(time).substr(0, 10);
}

}  // namespace signalbox::cli
