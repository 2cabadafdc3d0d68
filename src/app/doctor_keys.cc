// `signalbox doctor`: the providers' keys, without asking anybody.
#include <fmt/format.h>

#include "app/doctor_checks.h"
#include "surface/cli/doctor_key.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
using providers::Provider;
constexpr const char* kArea = "keys";

std::string PathOf(const Provider& provider, const providers::ProviderKey& key) {
  const std::string path = config::Join("providers", provider.name);
  return provider.options.keys.contains(key.label)
             ? config::Join(config::Join(path, "keys"), key.label) + ".key"
             : path + ".key";
}

// The variable of the environment in which a provider's key was found that nobody configured.
std::string FoundIn(const Provider& provider, const config::Environment& environment) {
  if (const providers::Vendor* vendor = providers::FindVendor(provider.vendor)) {
    for (const std::string_view variable : vendor->key_variables) {
      if (const auto value = environment.Find(variable); value && !value->empty()) {
        return std::string(variable);
      }
    }
  }
  return "the environment";
}

std::string SourceOf(const Patient& patient, const Provider& provider,
                     const providers::ProviderKey& key) {
  if (!patient.options().providers.contains(provider.name)) {
    return FoundIn(provider, patient.request.environment);
  }
  return patient.loaded.sources.Find(PathOf(provider, key)).Text();
}

void CheckKey(const Patient& patient, const Provider& provider, const providers::ProviderKey& key,
              DoctorReport& report) {
  const bool several = provider.keys.size() > 1;
  const std::string check = several ? provider.name + " " + key.label : provider.name;
  if (key.secret.empty()) {
    report.Ok(kArea, check, "none is sent");
    return;
  }
  const std::string source = SourceOf(patient, provider, key);
  const auto odd = cli::WhatIsOddAbout(key.secret.Reveal(), provider.vendor);
  if (!odd) {
    report.Ok(kArea, check, "from " + source);
  } else {
    report.Add({kArea, check, odd->certain ? cli::CheckState::kBad : cli::CheckState::kWarning,
                fmt::format("the key from {} {}", source, odd->found), odd->next});
  }
}

}  // namespace

DoctorReport CheckKeys(const Patient& patient) {
  DoctorReport report;
  bool any = false;
  for (const Provider& provider : patient.snapshot->targets->providers()) {
    if (provider.type == providers::ProviderType::kSim) {
      continue;
    }
    any = true;
    for (const providers::ProviderKey& key : provider.keys) {
      CheckKey(patient, provider, key, report);
    }
  }
  if (!any) {
    report.Warn(kArea, "providers",
                "there is none but sim, which answers without any model: no key was found and "
                "nothing is configured",
                "set a vendor's key, for example export OPENAI_API_KEY=…, or write a providers: "
                "section");
  }
  return report;
}

}  // namespace signalbox::app
