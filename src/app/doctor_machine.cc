// `signalbox doctor`: program, environment, limits, configuration.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>

#include <array>
#include <filesystem>
#include <set>
#include <thread>

#include "app/doctor_checks.h"
#include "app/version.h"
#include "base/core/time.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
constexpr const char* kArea = "machine";
constexpr const char* kConfiguration = "configuration";
constexpr std::uint64_t kFewDescriptors = 4096;

// Values of the environment that override the configuration's.
std::vector<std::string> OverridingVariables(const config::Loaded<Options>& loaded) {
  std::set<std::string> names;
  for (const auto& [path, source] : loaded.sources.all()) {
    if (source.kind == config::Source::Kind::kEnvironment) {
      names.insert(source.name);
    }
  }
  return {names.begin(), names.end()};
}

void CheckProxies(const config::Environment& environment, DoctorReport& report) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"});
  std::vector<std::string_view> found;
  for (const std::string_view name : kNames) {
    if (const auto value = environment.Find(name); value && !value->empty()) {
      found.push_back(name);
    }
  }
  if (!found.empty()) {
    report.Warn(kArea, "proxy",
                fmt::format("{} is set, and Signalbox does not use it: it connects to providers "
                            "itself",
                            fmt::join(found, ", ")),
                "if this network lets nothing out but through the proxy, run Signalbox where it "
                "does, or point base_url to a gateway inside");
  }
}

void CheckDescriptors(const Patient& patient, DoctorReport& report) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return;
  }
  if (limit.rlim_max == RLIM_INFINITY) {
    report.Ok(kArea, "descriptors", "as many as are wanted");
    return;
  }
  const Options& options = patient.options();
  const std::uint64_t workers = options.server.workers != 0
                                    ? options.server.workers
                                    : std::max(1U, std::thread::hardware_concurrency());
  const std::uint64_t clients = workers * options.server.limits.connections;
  // Each client takes one, its call to a provider another. The default is a limit, not a wish.
  const bool wished = patient.loaded.sources.Find("server.limits.connections").kind !=
                      config::Source::Kind::kDefault;
  if (limit.rlim_max < (wished ? 2 * clients : kFewDescriptors)) {
    report.Warn(kArea, "descriptors",
                fmt::format("{} may be open, which is enough for {} clients with a call each; "
                            "server.limits.connections allows {}",
                            limit.rlim_max, limit.rlim_max / 2, clients),
                "raise the hard limit (ulimit -Hn, LimitNOFILE= in a systemd unit), or lower "
                "server.limits.connections; over the limit new clients wait");
  } else {
    report.Ok(kArea, "descriptors", fmt::format("{} may be open", limit.rlim_max));
  }
}

std::string WhereFound(const Patient& patient) {
  std::string where = patient.request.file.value_or("no file; defaults and environment");
  if (!patient.loaded.profile.empty()) {
    where += ", profile " + patient.loaded.profile;
  }
  if (const auto variables = OverridingVariables(patient.loaded); !variables.empty()) {
    where += fmt::format("; overridden by {}", fmt::join(variables, ", "));
  }
  return where;
}

// A file of the usual name that nobody has named.
void CheckForgottenFile(const Patient& patient, DoctorReport& report) {
  for (const char* name : {"signalbox.yaml", "signalbox.yml"}) {
    std::error_code error;
    if (!patient.request.file && std::filesystem::exists(name, error)) {
      report.Warn(kConfiguration, "file",
                  fmt::format("{} is here, and is not read: no file was named", name),
                  fmt::format("signalbox doctor -c {0}, and signalbox serve -c {0}", name));
    }
  }
}

}  // namespace

DoctorReport CheckMachine(const Patient& patient) {
  DoctorReport report;
  report.Ok(kArea, "program", fmt::format("signalbox {}", kVersion));
  CheckDescriptors(patient, report);
  CheckProxies(patient.request.environment, report);
  return report;
}

DoctorReport CheckConfiguration(const Patient& patient) {
  DoctorReport report;
  const std::vector<config::Problem>& problems = patient.loaded.problems;
  for (const config::Problem& problem : problems) {
    const bool last = &problem == &problems.back();
    report.Bad(kConfiguration, "mistake", problem.Text(),
               last ? "mend the above; docs/configuration.md has every key, and signalbox config "
                      "schema is for editors"
                    : "");
  }
  if (problems.empty()) {
    report.Ok(kConfiguration, "valid", WhereFound(patient));
  }
  for (const config::Problem& warning : patient.loaded.warnings) {
    report.Warn(kConfiguration, "warning", warning.Text(), {});
  }
  CheckForgottenFile(patient, report);
  return report;
}

}  // namespace signalbox::app
