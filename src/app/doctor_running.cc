// `signalbox doctor`: the Signalbox that runs with this data directory.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/doctor_checks.h"
#include "app/reload_note.h"
#include "app/upgrade_note.h"
#include "app/version.h"
#include "base/core/time.h"
#include "surface/cli/doctor_look.h"
#include "surface/cli/doctor_targets.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
constexpr const char* kArea = "running";

// Whether the file was written since that process began: else it is about one before it.
bool IsOf(const ProcessFacts& process, const std::string& file) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  const auto begun = std::filesystem::file_time_type::clock::from_sys(core::WallNow()) -
                     process.age - std::chrono::seconds(1);
  return !error && written >= begun;
}

void CheckNotes(const Patient& patient, DoctorReport& report) {
  const std::string& data = patient.options().data;
  if (const auto note = ReadReloadNote(data);
      note && !note->ok && IsOf(*patient.running(), ReloadNotePath(data))) {
    report.Warn(kArea, "configuration",
                "the last reload was refused, an older configuration is in effect: " +
                    note->text.substr(0, note->text.find('\n')),
                "mend the file (signalbox config check -c FILE); it is then taken over by itself");
  }
  if (const auto note = ReadUpgradeNote(data);
      note && !note->ok && IsOf(*patient.running(), UpgradeNotePath(data))) {
    report.Warn(kArea, "upgrade", "the last one failed: " + note->reason,
                "mend that and run signalbox upgrade again");
  }
  if (patient.running()->program_replaced) {
    report.Warn(kArea, "program",
                "the file " + patient.running()->program + " was replaced since it started",
                "signalbox upgrade takes the new one without a dropped connection");
  }
}

// Where it can be asked: its address, as far as the configuration tells.
std::optional<std::string> UrlOf(const Patient& patient) {
  const net::ServerOptions& server = patient.options().server;
  const std::vector<int> pids = ListenersOn(server.listen.port);
  if (!server.tls.cert.empty() || std::ranges::find(pids, patient.running()->pid) == pids.end()) {
    return std::nullopt;
  }
  config::HostPort address = server.listen;
  if (address.host == "0.0.0.0") {
    address.host = "127.0.0.1";
  } else if (address.host == "::") {
    address.host = "::1";
  }
  return "http://" + address.Text();
}

async::Task<void> Ask(cli::ServerLink* link, DoctorReport* report) {
  const cli::Look ready = co_await cli::LookAt(link, {"/readyz"});
  if (!ready.status) {
    report->Bad(kArea, "ready", "it does not answer: " + ready.status.error().message,
                "its log says more; end it with kill, and start it again");
    co_return;
  }
  if (ready.code == 200) {
    report->Ok(kArea, "ready", "it takes requests");
  } else {
    report->Warn(kArea, "ready", fmt::format("it takes no new requests ({})", ready.code),
                 "it is about to end; start another one when it has");
  }
  const cli::Look metrics = co_await cli::LookAt(link, {"/metrics"});
  const std::string version = metrics.code == 200 ? cli::VersionIn(metrics.body) : "";
  if (!version.empty() && version != kVersion) {
    report->Warn(kArea, "version", fmt::format("it is {}, this program is {}", version, kVersion),
                 "signalbox upgrade hands over to the program file at the path that it was "
                 "started from");
  }
  const cli::Look targets = co_await cli::LookAt(link, {"/api/health/targets"});
  if (targets.status && targets.code == 200) {
    cli::JudgeTargets(targets.body, kArea, *report);
  }
}

}  // namespace

DoctorReport CheckRunning(const Patient& patient, bool offline) {
  DoctorReport report;
  if (!patient.running()) {
    report.Skip(
        kArea, "signalbox",
        fmt::format("none is running with the data directory {}; signalbox serve starts one",
                    patient.options().data));
    return report;
  }
  report.Ok(kArea, "signalbox", patient.running()->Text());
  CheckNotes(patient, report);
  const auto url = offline ? std::nullopt : UrlOf(patient);
  if (!url) {
    report.Skip(kArea, "ready",
                offline ? "not asked, because of --offline"
                        : "not asked: it listens elsewhere than this configuration says, or with "
                          "TLS; signalbox doctor --deployment URL asks it");
    return report;
  }
  const auto link =
      cli::ServerLink::Create({.url = *url, .key = patient.options().access.key.Reveal()});
  if (link) {
    (*link)->Run(Ask(link->get(), &report));
  }
  return report;
}

}  // namespace signalbox::app
