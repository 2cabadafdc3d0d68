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

Provider LocalProvider(const providers::LocalServer& server) {
  ProviderOptions options;
  options.base_url = config::ParseUrl("http://127.0.0.1:" + std::to_string(server.port) + "/v1");
  options.local = true;
  return MakeProvider(std::string(server.name), options);
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
      if (const auto id = model.Find("id"); id && id->IsString()) {
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
  for (const providers::LocalServer& server : providers::LocalServers()) {
    candidates.push_back(LocalProvider(server));
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
      found.push_back(std::move(candidate));
    }
  }
}

void AddFromEnvironment(const config::Environment& environment, std::vector<Provider>& found) {
  for (const providers::BuiltInProvider& row : providers::BuiltInProviders()) {
    for (const std::string_view variable : row.key_variables) {
      const auto key = environment.Find(variable);
      if (key && !key->empty()) {
        ProviderOptions options;
        options.key = config::Secret(std::string(*key));
        found.push_back(MakeProvider(std::string(row.name), options));
        break;
      }
    }
  }
}

}  // namespace

std::vector<Provider> DiscoverProviders(const std::map<std::string, ProviderOptions>& configured,
                                        const config::Environment& environment,
                                        const DiscoverySettings& settings) {
  std::vector<Provider> found;
  for (const auto& [name, options] : configured) {
    found.push_back(MakeProvider(name, options));
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
