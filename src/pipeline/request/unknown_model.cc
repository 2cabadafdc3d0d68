#include "pipeline/request/unknown_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/config/problem.h"

namespace signalbox::request {
namespace {

constexpr std::size_t kLongestShownName = 128;
constexpr std::size_t kMostCompared = 500;  // names, so that a wrong name costs little

// The vendor whose model `name` is, by its own prefix or by one of its models' names.
const providers::Vendor* VendorOf(std::string_view name) {
  if (const std::size_t slash = name.find('/'); slash != name.npos) {
    if (const auto* vendor = providers::FindVendor(name.substr(0, slash))) {
      return vendor;
    }
  }
  for (const providers::Vendor& vendor : providers::Vendors()) {
    if (std::ranges::any_of(vendor.model_prefixes,
                            [name](std::string_view prefix) { return name.starts_with(prefix); })) {
      return &vendor;
    }
  }
  return nullptr;
}

std::string HowToAdd(const providers::Vendor& vendor) {
  const std::string in_file = fmt::format("add {} to providers: in the configuration", vendor.name);
  if (vendor.local()) {
    return fmt::format("start its server before Signalbox, or {}", in_file);
  }
  return fmt::format("set {} and start Signalbox again, or {}", vendor.key_variables.front(),
                     in_file);
}

}  // namespace

std::string UnknownModel(std::string_view name, std::span<const providers::Provider> providers,
                         const std::vector<std::string>& known) {
  const auto has = [providers](std::string_view provider) {
    return std::ranges::find(providers, provider, &providers::Provider::name) != providers.end();
  };
  const std::string beginning =
      fmt::format("the model '{}' is not known here: ", name.substr(0, kLongestShownName));
  const providers::Vendor* vendor = VendorOf(name);
  if (vendor != nullptr && !has(vendor->name)) {
    return beginning + fmt::format("it is of {0}, and there is no provider {0}; {1}", vendor->name,
                                   HowToAdd(*vendor));
  }
  std::vector<std::string_view> names;
  for (const providers::Provider& provider : providers) {
    names.push_back(provider.name);
  }
  const std::string nearest =
      config::Nearest(name, {known.begin(), known.begin() + std::min(known.size(), kMostCompared)});
  return beginning +
         fmt::format(
             "no provider has it; write it as provider/model with one of the providers {}, "
             "or 'auto'{}",
             fmt::join(names, ", "),
             nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest));
}

}  // namespace signalbox::request
