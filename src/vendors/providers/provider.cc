#include "vendors/providers/provider.h"

#include "base/core/random.h"
#include "vendors/dialects/dialects.h"
#include "vendors/providers/base_url.h"

namespace signalbox::providers {
namespace {

// Good for telling keys apart while this process lives, and nothing else: the seed is its own.
std::uint64_t Fingerprint(std::string_view secret) {
  static const std::uint64_t seed = core::Random().Next();
  std::uint64_t hash = seed;
  for (const char c : secret) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  }
  return hash;
}

void AddKeys(const ProviderOptions& options, Provider& out) {
  for (const auto& [label, key] : options.keys) {
    out.keys.push_back({label, key.key, Fingerprint(key.key.Reveal()), key});
  }
  if (!options.key.empty() || out.keys.empty()) {
    const bool none = options.key.Reveal() == "none";
    out.keys.push_back(
        {"key", none ? config::Secret() : options.key, Fingerprint(options.key.Reveal()), {}});
  }
}

// A type that is stated is all that is spoken there; of a vendor's own API we know more.
void AddDialects(const ProviderOptions& options, const Vendor* vendor, Provider& out) {
  if (const wire::Dialect* usual = RowOf(out.type).dialect) {
    out.dialects.push_back(usual);
  }
  if (vendor != nullptr && vendor->responses && !options.type && !options.base_url) {
    out.dialects.push_back(dialects::Find("openai_responses"));
  }
}

ProviderType TypeOf(const std::string& name, const ProviderOptions& options, const Vendor* vendor) {
  if (options.type) {
    return *options.type;
  }
  if (vendor != nullptr) {
    return vendor->type;
  }
  return name == "sim" ? ProviderType::kSim : ProviderType::kOpenAi;
}

}  // namespace

const wire::Dialect& Provider::DialectFor(const wire::Dialect& client,
                                          chat::Operation operation) const {
  for (const wire::Dialect* dialect : dialects) {
    if (Takes(*dialect, client, operation)) {
      return client;
    }
  }
  return dialects.empty() ? client : *dialects.front();
}

Provider MakeProvider(const std::string& name, const ProviderOptions& options,
                      const UpstreamGatewayOptions& gateway) {
  Provider out;
  out.name = name;
  out.options = options;
  out.ca = options.ca.value_or("");
  AddKeys(options, out);
  const Vendor* vendor = VendorOf(name, options);
  out.type = TypeOf(name, options, vendor);
  out.auth = RowOf(out.type).auth;
  AddDialects(options, vendor, out);
  if (vendor != nullptr) {
    out.vendor = vendor->name;
    out.model_prefixes.assign(vendor->model_prefixes.begin(), vendor->model_prefixes.end());
    out.default_model = vendor->default_model;
    if (!options.base_url && out.type == vendor->type) {
      out.operations = vendor->operations;
    }
    out.options.local |= vendor->local() && !options.base_url && options.via == Via::kDirect;
  } else if (out.type == ProviderType::kSim) {
    out.vendor = "sim";
  }
  if (!options.models.empty()) {
    out.default_model = options.models.front();
  }
  out.auth = options.auth.value_or(out.auth);
  out.base_url = config::ParseUrl(BaseUrl(name, options, gateway)).value_or(config::Url{});
  out.base_url.path = BasePath(out.type, out.base_url, options);
  if (!options.api_version.empty()) {
    out.query = "?api-version=" + options.api_version;
  }
  if (options.via == Via::kGateway) {
    out.gateway_key = gateway.key;
  }
  return out;
}

}  // namespace signalbox::providers
