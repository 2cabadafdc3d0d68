#include "app/discover.h"

#include <memory>

#include "base/async/gate.h"
#include "base/async/loop.h"
#include "base/json/document.h"
#include "io/net/resolver.h"
#include "vendors/providers/http_upstream.h"

namespace signalbox::app {
namespace {

using providers::Provider;
using providers::ProviderOptions;

// A server on this machine answers at once or is not there.
constexpr std::chrono::milliseconds kLocalTime{40};

// On llama.cpp's usual port there may as well be a Signalbox: it says whose models these are.
constexpr std::string_view kLlamaCpp = "llamacpp";

bool IsOfItsKind(const Provider& provider, const json::Value& model) {
  const auto owner = model.Find("owned_by");
  return provider.name != kLlamaCpp ||
         (owner && owner->IsString() && *owner->AsString() == kLlamaCpp);
}

// Asks `provider` for its models; those it names are left in provider->options.models.
async::Task<void> AskForModels(async::Loop* loop, Provider* provider) {
  net::Resolver resolver(*loop);
  providers::HttpUpstream upstream(*loop, resolver, nullptr, *provider);
  const auto exchange = upstream.Open();
  const async::Deadline deadline{loop->now() + kLocalTime, nullptr};
  const auto head = co_await exchange->Send({.method = "GET", .path = "/models"}, deadline);
  if (!head || head->status != 200) {
    co_return;
  }
  const auto body = co_await exchange->ReadAll(deadline);
  json::Document document;
  if (!body || !document.Parse(*body)) {
    co_return;
  }
  if (const auto data = document.Root().Find("data"); data && data->IsArray()) {
    json::ForEachElement(*data, [provider](const json::Value& model) {
      if (const auto id = model.Find("id"); id && id->IsString() && IsOfItsKind(*provider, model)) {
        provider->options.models.push_back(*id->AsString());
      }
    });
  }
}

async::Task<void> AskAll(async::Loop* loop, std::vector<Provider>* candidates) {
  async::Gate gate(*loop);
  for (Provider& candidate : *candidates) {
    gate.Spawn(AskForModels(loop, &candidate));
  }
  co_await gate.Drained({});
  loop->Stop();
}

void AddLocalServers(std::vector<Provider>& found) {
  std::vector<Provider> candidates;
  for (const providers::Vendor& vendor : providers::Vendors()) {
    if (vendor.local()) {
      candidates.push_back(providers::MakeProvider(std::string(vendor.name), {}));
    }
  }
  const auto loop = async::Loop::Create();
  if (!loop) {
    return;
  }
  async::Gate gate(**loop);
  gate.Spawn(AskAll(loop->get(), &candidates));
  (*loop)->Run();
  for (Provider& candidate : candidates) {
    if (!candidate.options.models.empty()) {
      found.push_back(MakeProvider(candidate.name, candidate.options));
    }
  }
}

struct Set {
  std::string_view variable;
  std::string value;  // empty: none is set
};

// The first of `variables` that is set.
Set FirstSet(const config::Environment& environment, std::span<const std::string_view> variables) {
  for (const std::string_view variable : variables) {
    if (const auto value = environment.Find(variable); value && !value->empty()) {
      return {variable, std::string(*value)};
    }
  }
  return {};
}

void AddFromEnvironment(const config::Environment& environment, std::vector<Provider>& found) {
  for (const providers::Vendor& vendor : providers::Vendors()) {
    const Set key = FirstSet(environment, vendor.key_variables);
    ProviderOptions options;
    options.key = config::Secret(key.value);
    options.account = options.resource = FirstSet(environment, vendor.account_variables).value;
    options.region = FirstSet(environment, vendor.region_variables).value;
    const std::string name(vendor.name);
    if (!key.value.empty() && providers::CheckProvider(name, options, {}).empty()) {
      found.push_back(MakeProvider(name, options));
      found.back().keys.front().label = "$" + std::string(key.variable);  // as people write it
    }
  }
}

}  // namespace

std::vector<Provider> DiscoverProviders(const std::map<std::string, ProviderOptions>& configured,
                                        const providers::UpstreamGatewayOptions& gateway,
                                        const config::Environment& environment,
                                        const DiscoverySettings& settings) {
  std::vector<Provider> found;
  for (const auto& [name, options] : configured) {
    found.push_back(MakeProvider(name, options, gateway));
  }
  if (configured.empty()) {
    AddFromEnvironment(environment, found);
    if (settings.look_for_local_servers) {
      AddLocalServers(found);
    }
  }
  if (!configured.contains("sim")) {
    ProviderOptions sim;
    sim.models = {"auto", "echo", "canned", "tools", "json", "embed", "slow"};
    sim.local = true;
    found.push_back(MakeProvider("sim", sim));
  }
  return found;
}

}  // namespace signalbox::app
