// The parts of `signalbox doctor`. Each looks at one thing and reports.
//
// Owner: Doctor. Threads: the main thread. Errors: findings. Cancel: each look has its own time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/process_facts.h"
#include "app/snapshot.h"
#include "surface/cli/doctor_report.h"

namespace signalbox::app {

// What is looked at. `snapshot` is null when the configuration is wrong: what does not need it is
// looked at all the same.
struct Patient {
  const config::Request& request;
  const config::Loaded<Options>& loaded;
  const Snapshot* snapshot;
  DataHolder holder;

  // The Signalbox that has the data directory; empty also when it is one of another container.
  const std::optional<ProcessFacts>& running() const { return holder.process; }

  const Options& options() const { return loaded.value; }
};

// Program, environment, limits of the system.
cli::DoctorReport CheckMachine(const Patient& patient);
cli::DoctorReport CheckConfiguration(const Patient& patient);
// The data directory and the disk that it is on.
cli::DoctorReport CheckData(const Patient& patient);
// Where records are, and what several gateways share.
cli::DoctorReport CheckStore(const Patient& patient, bool offline);
// The address to listen on, and the certificate that is shown there.
cli::DoctorReport CheckListening(const Patient& patient);
// Whether each provider's key can be one; says where each is from.
cli::DoctorReport CheckKeys(const Patient& patient);

// What the providers said, for what comes later.
struct ProviderAnswers {
  cli::DoctorReport report;
  std::map<std::string, std::vector<std::string>> models;  // by provider; those that list any
};
// Asks each provider for its models, all at once.
ProviderAnswers AskProviders(const Patient& patient);

// The catalogue, and the models that the configuration names.
cli::DoctorReport CheckModels(const Patient& patient,
                              const std::map<std::string, std::vector<std::string>>& listed);
// The running Signalbox: is it well, and does it run what is written?
cli::DoctorReport CheckRunning(const Patient& patient, bool offline);

}  // namespace signalbox::app
