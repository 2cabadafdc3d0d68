// `signalbox doctor`: the catalogue, and the models that the configuration names.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "app/doctor_checks.h"
#include "app/price_file.h"
#include "app/version.h"
#include "base/core/time.h"
#include "surface/cli/doctor_reach.h"
#include "vendors/tokens/counter.h"

namespace signalbox::app {
namespace {

using cli::DoctorReport;
using Listed = std::map<std::string, std::vector<std::string>>;
constexpr const char* kArea = "models";
constexpr std::chrono::days kSoonGone{60};
constexpr std::chrono::days kOldPrices{90};
constexpr std::size_t kShown = 5;

// A model that the configuration leads to, and the first name that does.
struct Named {
  std::string name;
  const providers::Provider* provider = nullptr;
  std::string model;
};

std::vector<Named> NamedModels(const Snapshot& snapshot) {
  std::vector<Named> out;
  std::set<std::pair<std::string, std::string>> seen;
  const auto add = [&](std::string name, const request::Target& target) {
    const providers::Provider& provider = snapshot.targets->ProviderOf(target);
    if (provider.type != providers::ProviderType::kSim &&
        seen.emplace(provider.name, target.model).second) {
      out.push_back({std::move(name), &provider, target.model});
    }
  };
  std::vector<std::string> names{"auto"};
  for (const auto& [name, alias] : snapshot.options.models) {
    names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto resolved = snapshot.targets->Resolve(name);
    if (resolved && resolved->route != nullptr) {
      for (const request::Choice& choice : *resolved->route) {
        add(name, choice.target);
      }
    }
  }
  return out;
}

std::string Shortened(const std::vector<std::string>& names) {
  const std::vector<std::string> first(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  return fmt::format(
      "{}{}", fmt::join(first, ", "),
      names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : "");
}

void CheckListed(const Named& named, const std::vector<std::string>& listed, DoctorReport& report) {
  if (std::ranges::find(listed, named.model) != listed.end()) {
    return;
  }
  const std::string nearest = config::Nearest(named.model, listed);
  report.Warn(kArea, named.name,
              fmt::format("{}/{} is not among the {} models that {} lists", named.provider->name,
                          named.model, listed.size(), named.provider->name),
              nearest.empty() ? "check its name against the provider's list"
                              : fmt::format("did you mean {}/{}?", named.provider->name, nearest));
}

void CheckEnd(const Named& named, const catalog::Model& model, DoctorReport& report) {
  const auto today = std::chrono::floor<std::chrono::days>(core::WallNow());
  if (!model.ends || *model.ends - today > kSoonGone) {
    return;
  }
  const std::string day = catalog::DayText(*model.ends);
  const std::string what = fmt::format("{}/{}", named.provider->name, named.model);
  const std::string next = fmt::format("choose its successor: signalbox models list --provider {}",
                                       named.provider->name);
  report.Warn(kArea, named.name,
              *model.ends <= today
                  ? fmt::format("{} was taken down by its vendor on {}", what, day)
                  : fmt::format("{} will be taken down by its vendor on {}", what, day),
              next);
}

void CheckPrices(const Patient& patient, DoctorReport& report) {
  const std::string path = PriceFile(patient.options().data);
  const std::size_t count = patient.snapshot->catalog->List().size();
  std::error_code error;
  const auto written = std::filesystem::last_write_time(path, error);
  if (error) {
    report.Ok(
        kArea, "catalogue",
        fmt::format("{} models, with the prices that signalbox {} came with", count, kVersion));
    return;
  }
  const auto when = std::chrono::file_clock::to_sys(written);
  const core::WallTime at = std::chrono::time_point_cast<std::chrono::nanoseconds>(when);
  const std::string found =
      fmt::format("{} models, prices refreshed on {} ({})", count, cli::DayOf(at), path);
  if (core::WallNow() - at > kOldPrices) {
    report.Warn(kArea, "catalogue", found, "signalbox models refresh --from FILE");
  } else {
    report.Ok(kArea, "catalogue", found);
  }
}

// Tokens count where a vendor does not say how many there were.
void CheckCounting(const Patient& patient, DoctorReport& report) {
  const std::string path =
      tokens::VocabularyPath(patient.request.environment.Find("SIGNALBOX_VOCABULARY").value_or(""));
  if (const core::Status available = tokens::Counter(path).Available(); available) {
    report.Ok(kArea, "token counts", "exact for models whose tokenizer is public");
  } else {
    report.Warn(kArea, "token counts", "are estimates: " + available.error().message,
                "put signalbox.vocabulary beside the program, or name it in SIGNALBOX_VOCABULARY");
  }
}

}  // namespace

DoctorReport CheckModels(const Patient& patient, const Listed& listed) {
  DoctorReport report;
  const Snapshot& snapshot = *patient.snapshot;
  CheckPrices(patient, report);
  CheckCounting(patient, report);
  std::vector<std::string> without_price;
  const std::vector<Named> all = NamedModels(snapshot);
  for (const Named& named : all) {
    if (const auto known = listed.find(named.provider->name); known != listed.end()) {
      CheckListed(named, known->second, report);
    }
    const catalog::Model* model = snapshot.catalog->Find(named.provider->vendor, named.model);
    if (model != nullptr) {
      CheckEnd(named, *model, report);
    }
    if (!named.provider->options.local &&
        (model == nullptr || model->PriceAt(core::WallNow()) == nullptr)) {
      without_price.push_back(named.provider->name + "/" + named.model);
    }
  }
  if (!without_price.empty()) {
    report.Warn(kArea, "prices",
                fmt::format("no price is known for {}: what they cost will be called unknown",
                            Shortened(without_price)),
                fmt::format("state it in the configuration: catalog: {{ {}: … }}, or run "
                            "signalbox models refresh --from FILE",
                            without_price.front()));
  } else if (!all.empty()) {
    report.Ok(kArea, "names", fmt::format("{} models have a name here", all.size()));
  }
  return report;
}

}  // namespace signalbox::app
