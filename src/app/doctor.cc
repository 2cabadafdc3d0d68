#include "app/doctor.h"

#include <fmt/format.h>
#include <unistd.h>

#include "app/doctor_checks.h"
#include "surface/cli/exit_status.h"

namespace signalbox::app {
namespace {

void AddProviders(const Patient& patient, bool offline, cli::DoctorReport& report) {
  if (patient.snapshot == nullptr) {
    report.Skip("providers", "all", "not looked at before the configuration is right");
    return;
  }
  report.Add(CheckKeys(patient));
  ProviderAnswers answers;
  if (!offline) {
    cli::StatusLine line(STDERR_FILENO);
    line.Show("asking the providers …");
    answers = AskProviders(patient);
  } else {
    answers.report.Skip("providers", "network", "not asked, because of --offline");
  }
  report.Add(std::move(answers.report));
  report.Add(CheckModels(patient, answers.models));
}

}  // namespace

int Doctor(const config::Request& request, const DoctorArguments& arguments) {
  const bool look_here = !request.file.has_value() && !arguments.offline;
  const Prepared prepared = Prepare(request, {.look_for_local_servers = look_here});
  const Patient patient{.request = request,
                        .loaded = prepared.loaded,
                        .snapshot = prepared.snapshot.get(),
                        .holder = HolderOf(prepared.loaded.value.data)};
  cli::DoctorReport report;
  report.Add(CheckMachine(patient));
  report.Add(CheckConfiguration(patient));
  report.Add(CheckData(patient));
  report.Add(CheckStore(patient, arguments.offline));
  report.Add(CheckListening(patient));
  AddProviders(patient, arguments.offline, report);
  report.Add(CheckRunning(patient, arguments.offline));
  if (arguments.json) {
    fmt::print("{}\n", report.Json());
  } else {
    fmt::print("{}", report.Text(cli::TerminalOf(STDOUT_FILENO)));
  }
  if (prepared.snapshot == nullptr) {
    return cli::kWrongUse;
  }
  return report.state() == cli::CheckState::kBad ? cli::kFailed : cli::kDone;
}

}  // namespace signalbox::app
