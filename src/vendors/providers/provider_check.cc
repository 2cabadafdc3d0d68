#include <fmt/format.h>

#include <algorithm>

#include "vendors/providers/base_url.h"

namespace signalbox::providers {
namespace {

constexpr std::string_view kPlain = "can have letters, digits, '-', '_' and '.' only";

// What may stand in a host or in one step of a path.
bool IsPlain(std::string_view text) {
  return text.empty() || (text.front() != '.' && std::ranges::all_of(text, [](char c) {
                            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
                                   c == '_' || c == '.';
                          }));
}

class Checker {
 public:
  Checker(const std::string& name, const ProviderOptions& options,
          const UpstreamGatewayOptions& gateway)
      : name_(name), options_(options), gateway_(gateway), vendor_(VendorOf(name, options)) {}

  std::vector<core::Error> Check() {
    const Provider provider = MakeProvider(name_, options_, gateway_);
    CheckNames();
    if (provider.type != ProviderType::kSim) {
      CheckUrl(provider);
      CheckVendor();
    }
    return std::move(problems_);
  }

 private:
  bool through() const { return options_.via == Via::kGateway; }

  void Complain(std::string key, std::string message) {
    problems_.push_back({core::ErrorCode::kInvalidRequest, std::move(message), std::move(key), {}});
  }

  void CheckNames() {
    if (name_.find('/') != name_.npos) {
      Complain("", "a provider's name cannot have a slash");
    }
    if (options_.vendor && vendor_ == nullptr) {
      std::string known;
      for (const Vendor& vendor : Vendors()) {
        known += (known.empty() ? "" : ", ") + std::string(vendor.name);
      }
      Complain("vendor", "is not known; known are " + known);
    }
    for (const auto& [key, value] :
         {std::pair("account", &options_.account), std::pair("resource", &options_.resource),
          std::pair("api_version", &options_.api_version), std::pair("region", &options_.region)}) {
      if (!IsPlain(*value)) {
        Complain(key, std::string(kPlain));
      }
    }
    for (const auto& [key, value] :
         {std::pair("account", &gateway_.account), std::pair("gateway", &gateway_.gateway)}) {
      if (through() && !IsPlain(*value)) {
        Complain("", fmt::format("upstream_gateway.{} {}", key, kPlain));
      }
    }
  }

  void CheckUrl(const Provider& provider) {
    if (through() && options_.base_url) {
      Complain("base_url", "does not go together with via: gateway, which has its own");
    }
    const std::string url = BaseUrl(name_, options_, gateway_);
    for (const std::string_view missing : {"account", "resource", "gateway", "region"}) {
      if (url.find(fmt::format("{{{}}}", missing)) != url.npos) {
        const bool gateways = through() && missing != "resource" && missing != "region";
        Complain("", fmt::format("{}{} is missing: the base URL {} wants it",
                                 gateways ? "upstream_gateway." : "", missing, url));
      }
    }
    if (url.empty()) {
      Complain("",
               "base_url is missing: where this provider is reached, for example "
               "http://127.0.0.1:8000/v1");
    } else if (provider.base_url.host.empty() && problems_.empty()) {
      Complain("", fmt::format("the base URL {} is none: see resource, account and base_url", url));
    }
    if (provider.base_url.path.find('?') != std::string::npos) {
      Complain("base_url", "a base URL has no query");
    }
  }

  void CheckVendor() {
    if (vendor_ == nullptr) {
      return;
    }
    if (vendor_->name == "azure" && through() && options_.api_version.empty()) {
      Complain("",
               "api_version is missing: through upstream_gateway, Azure is reached by its "
               "deployments, as in api_version: 2024-10-21");
    }
    if (!options_.access_key_id.empty()) {
      if (options_.secret_access_key.empty() || options_.region.empty()) {
        Complain("", "access_key_id, secret_access_key and region go together");
      }
      return;
    }
    if (options_.key.empty() && options_.keys.empty() && !vendor_->local() && !options_.base_url) {
      Complain("", fmt::format("key is missing; set {0} in the environment and write key: "
                               "\"${{{0}}}\", or write key: none to send none",
                               vendor_->key_variables.front()));
    }
  }

  const std::string& name_;
  const ProviderOptions& options_;
  const UpstreamGatewayOptions& gateway_;
  const Vendor* vendor_;
  std::vector<core::Error> problems_;
};

}  // namespace

std::vector<core::Error> CheckProvider(const std::string& name, const ProviderOptions& options,
                                       const UpstreamGatewayOptions& gateway) {
  return Checker(name, options, gateway).Check();
}

}  // namespace signalbox::providers
