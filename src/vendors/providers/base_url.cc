#include "vendors/providers/base_url.h"

namespace signalbox::providers {
namespace {

// A value for each {name} of a template. What is empty stays as it stands.
struct Filling {
  std::string_view account;
  std::string_view resource;
  std::string_view gateway;
  std::string_view provider;
  std::string_view region;
};

std::string Fill(std::string text, const Filling& filling) {
  // First what may have the others in it.
  const std::pair<std::string_view, std::string_view> values[] = {{"{provider}", filling.provider},
                                                                  {"{account}", filling.account},
                                                                  {"{resource}", filling.resource},
                                                                  {"{gateway}", filling.gateway},
                                                                  {"{region}", filling.region}};
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
  if (options.type == ProviderType::kHuggingFace) {
    return "https://router.huggingface.co/hf-inference";
  }
  return vendor->name == "azure" && !options.api_version.empty()
             ? "https://{resource}.openai.azure.com/openai/deployments/{model}"
             : std::string(vendor->base_url);
}

bool IsVersion(std::string_view step) {
  return step.size() >= 2 && step[0] == 'v' && step[1] >= '1' && step[1] <= '9';
}

std::string_view LastStep(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

void Strip(std::string_view end, std::string& path) {
  if (path.ends_with(end)) {
    path.resize(path.size() - end.size());
  }
}

// …/v1/projects/P/locations/L/publishers/google, or without a project for Vertex's express mode.
void CompleteVertex(const ProviderOptions& options, std::string& path) {
  if (path.find("/publishers/") != path.npos) {
    return;
  }
  if (path.find("/projects/") == path.npos && !options.account.empty()) {
    path += "/projects/" + options.account + "/locations/" +
            (options.region.empty() ? "global" : options.region);
  }
  path += "/publishers/google";
}

// …/accounts/A/ai
void CompleteWorkersAi(const ProviderOptions& options, std::string& path) {
  Strip("/v1", path);
  Strip("/run", path);
  if (LastStep(path) == "ai") {
    return;
  }
  if (path.find("/accounts/") == path.npos && !options.account.empty()) {
    path +=
        (path.ends_with("/client/v4") ? "/accounts/" : "/client/v4/accounts/") + options.account;
  }
  path += "/ai";
}

}  // namespace

const Vendor* VendorOf(const std::string& name, const ProviderOptions& options) {
  const Vendor* named = FindVendor(options.vendor.value_or(name));
  // A type that one vendor alone speaks says whose it is, unless it is spoken somewhere else.
  return named == nullptr && !options.vendor && options.type && !options.base_url
             ? FindVendor(RowOf(*options.type).vendor)
             : named;
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
               .provider = path,
               .region = options.region});
}

std::string BasePath(ProviderType type, const config::Url& url, const ProviderOptions& options) {
  std::string path = url.path;
  while (path.ends_with('/')) {
    path.pop_back();
  }
  const std::string_view version = RowOf(type).version;
  const bool versioned = IsVersion(LastStep(path)) || path.find("/v1/projects/") != path.npos ||
                         path.find("/v1beta1/projects/") != path.npos ||
                         path.find("/publishers/") != path.npos;
  if (!version.empty() && !versioned) {
    path.append("/").append(version);
  }
  switch (type) {
    case ProviderType::kVertex:
      CompleteVertex(options, path);
      break;
    case ProviderType::kWorkersAi:
      CompleteWorkersAi(options, path);
      break;
    case ProviderType::kOllamaNative:
      Strip("/v1", path);
      Strip("/api", path);
      break;
    case ProviderType::kHuggingFace:
      Strip("/models", path);
      break;
    case ProviderType::kAzureOpenAi:
      if (path.empty() || path == "/openai") {
        path = "/openai/v1";
      }
      break;
    default:
      break;
  }
  return path;
}

}  // namespace signalbox::providers
