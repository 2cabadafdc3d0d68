// `signalbox doctor`: the address that clients come to.
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/doctor_checks.h"
#include "base/core/time.h"
#include "io/net/certificate.h"
#include "io/net/listener.h"
#include "surface/cli/doctor_reach.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
constexpr const char* kArea = "listening";

void CheckAddress(const Patient& patient, std::string check, const config::HostPort& address,
                  DoctorReport& report) {
  if (address.port == 0) {
    report.Ok(kArea, std::move(check), address.Text() + ", whichever port is free");
    return;
  }
  const auto listener = net::Listen(address, 1);
  if (listener) {
    report.Ok(kArea, std::move(check), address.Text() + " is free");
    return;
  }
  const std::vector<int> pids = ListenersOn(address.port);
  if (patient.running() && std::ranges::find(pids, patient.running()->pid) != pids.end()) {
    report.Ok(kArea, std::move(check),
              fmt::format("{}: {} listens there", address.Text(), patient.running()->Text()));
    return;
  }
  const auto process = pids.empty() ? std::nullopt : FactsOfProcess(pids.front());
  if (process) {
    report.Bad(kArea, std::move(check),
               fmt::format("{} is taken by {}", address.Text(), process->Text()),
               fmt::format("stop it (kill {}), or listen elsewhere: signalbox serve --listen {}",
                           process->pid, config::HostPort{address.host, 0}.Text()));
  } else {
    report.Bad(kArea, std::move(check), listener.error().message,
               fmt::format("see who has it (ss -ltnp 'sport = :{}', as root), or listen "
                           "elsewhere: signalbox serve --listen HOST:PORT",
                           address.port));
  }
}

void CheckTls(const Options& options, DoctorReport& report) {
  const net::ServerTls& tls = options.server.tls;
  if (tls.cert.empty()) {
    return;
  }
  const auto certificate = net::ReadCertificate(tls.cert);
  if (!certificate) {
    report.Bad(kArea, "certificate", certificate.error().message,
               "server.tls.cert wants the certificate and those that vouch for it, in PEM");
    return;
  }
  cli::Finding finding = cli::JudgeCertificate(*certificate, core::WallNow());
  finding.area = kArea;
  finding.check = "certificate";
  finding.found = tls.cert + ": " + finding.found;
  report.Add(std::move(finding));
  struct stat facts{};
  if (stat(tls.key.c_str(), &facts) == 0 && (facts.st_mode & S_IRWXO) != 0) {
    report.Warn(kArea, "key file", tls.key + " can be read by every user of this machine",
                "chmod o= " + tls.key);
  }
}

}  // namespace

DoctorReport CheckListening(const Patient& patient) {
  DoctorReport report;
  const Options& options = patient.options();
  CheckAddress(patient, "address", options.server.listen, report);
  if (options.server.metrics) {
    CheckAddress(patient, "metrics", *options.server.metrics, report);
  }
  CheckTls(options, report);
  return report;
}

}  // namespace signalbox::app
