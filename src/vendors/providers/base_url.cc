#include "vendors/providers/base_url.h"

namespace signalbox::providers {
namespace {

// A value for each {name} of a template. What is empty stays as it stands.
struct Filling {
  std::string_view account;
  std::string_view resource;
  std::string_view gateway;
  std::string_view provider;
};

std::string Fill(std::string text, const Filling& filling) {
  // First what may have the others in it.
  const std::pair<std::string_view, std::string_view> values[] = {{"{provider}", filling.provider},
                                                                  {"{account}", filling.account},
                                                                  {"{resource}", filling.resource},
                                                                  {"{gateway}", filling.gateway}};
  for (const auto& [name, value] : values) {
    for (std::size_t at = text.find(name); at != text.npos && !value.empty();
         at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  return text;
}

std::string TemplateOf(const Vendor* vendor, const ProviderOptions& options,
                       const UpstreamGatewayOptions& gateway) {
  if (options.via == Via::kGateway) {
    return gateway.base_url.text;
  }
  if (options.base_url) {
    return options.base_url->text;
  }
  if (vendor == nullptr) {
    return "";
  }
  return vendor->name == "azure" && !options.api_version.empty()
             ? "https://{resource}.openai.azure.com/openai/deployments/{model}"
             : std::string(vendor->base_url);
}

}  // namespace

const Vendor* VendorOf(const std::string& name, const ProviderOptions& options) {
  return FindVendor(options.vendor.value_or(name));
}

std::string BaseUrl(const std::string& name, const ProviderOptions& options,
                    const UpstreamGatewayOptions& gateway) {
  const Vendor* vendor = VendorOf(name, options);
  const bool through = options.via == Via::kGateway;
  const std::string_view path =
      vendor != nullptr && !vendor->gateway_path.empty() ? vendor->gateway_path : name;
  return Fill(TemplateOf(vendor, options, gateway),
              {.account = through ? gateway.account : options.account,
               .resource = options.resource,
               .gateway = gateway.gateway,
               .provider = path});
}

}  // namespace signalbox::providers
