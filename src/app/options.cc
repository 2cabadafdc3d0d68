#include "app/options.h"

#include "io/net/listener.h"

namespace signalbox::app {
namespace {

using telemetry::Level;
using telemetry::LogFormat;

const config::Table<LedgerSection>& LedgerTable() {
  static const auto table =
      config::Table<LedgerSection>("ledger", "What is written down about every call.")
          .Add("ring", &LedgerSection::ring,
               {.doc = "Journal of one worker, on disk from the start; when it is full because the "
                       "disk does not follow, new requests get 503.",
                .min = config::MiB(1),
                .max = config::GiB(1)})
          .Add("keep", &LedgerSection::keep,
               {.doc = "Archived records; the oldest go when there are more.",
                .min = config::MiB(64),
                .max = config::GiB(16 * 1024)});
  return table;
}

const config::Table<LogSection>& LogTable() {
  static const auto table =
      config::Table<LogSection>("log", "Log lines on standard error.")
          .Add("level", &LogSection::level,
               {.doc = "The least important lines that are written.",
                .names = {{"debug", Level::kDebug},
                          {"info", Level::kInfo},
                          {"warn", Level::kWarn},
                          {"error", Level::kError},
                          {"off", Level::kOff}}})
          .Add("format", &LogSection::format,
               {.doc = "JSON for programs, human for a terminal; auto looks where the lines go.",
                .names = {{"auto", LogFormat::kAuto},
                          {"json", LogFormat::kJson},
                          {"human", LogFormat::kHuman}}});
  return table;
}

// PROMETHEUS_PORT, as other programs know it, where the configuration says nothing.
void TakeMetricsPort(const config::Environment& environment, config::Loaded<Options>& loaded) {
  const auto port = environment.Find("PROMETHEUS_PORT");
  if (!port || port->empty() || loaded.value.server.metrics) {
    return;
  }
  const std::string address = "127.0.0.1:" + std::string(*port);
  loaded.value.server.metrics = config::ParseHostPort(address);
  if (!loaded.value.server.metrics) {
    loaded.Complain("server.metrics", "PROMETHEUS_PORT is no port number");
  }
}

void CheckServer(config::Loaded<Options>& loaded) {
  const net::ServerOptions& server = loaded.value.server;
  const bool open = !net::IsLoopback(server.listen.host) ||
                    (server.metrics && !net::IsLoopback(server.metrics->host));
  if (loaded.value.access.key.empty() && open) {
    loaded.Complain("server.listen",
                    "listens beyond this machine without a credential; set access.key, or listen "
                    "on 127.0.0.1");
  }
  if (server.tls.cert.empty() != server.tls.key.empty()) {
    loaded.Complain("server.tls", "cert and key go together");
  }
}

void CheckProviders(config::Loaded<Options>& loaded) {
  for (const auto& [name, options] : loaded.value.providers) {
    const std::string path = "providers." + name;
    if (name.find('/') != std::string::npos) {
      loaded.Complain(path, "a provider's name cannot have a slash");
    }
    const providers::Provider provider = providers::MakeProvider(name, options);
    if (provider.type == providers::ProviderType::kSim) {
      continue;
    }
    if (provider.base_url.host.empty()) {
      loaded.Complain(path,
                      "base_url is missing: where this provider is reached, for example "
                      "http://127.0.0.1:8000/v1");
    }
    if (provider.base_url.path.find('?') != std::string::npos) {
      loaded.Complain(path + ".base_url", "a base URL has no query");
    }
    if (options.key.empty() && providers::FindBuiltIn(name) != nullptr && !options.base_url) {
      loaded.Complain(path, "key is missing; write it as key: \"${NAME}\", or none");
    }
  }
}

}  // namespace

const config::Table<Options>& RootTable() {
  static const auto table =
      config::Table<Options>("signalbox", "The configuration of Signalbox.")
          .Sub("server", &Options::server, net::ServerTable())
          .Sub("access", &Options::access, api::AccessTable())
          .Add("data", &Options::data, {.doc = "Directory for everything that is kept.", .min = 1})
          .Map("providers", &Options::providers, providers::ProviderTable(),
               {.doc = "Places that answer model calls, by name."})
          .Map("models", &Options::models, request::AliasTable(),
               {.doc = "Names of your own for models of providers."})
          .Sub("routing", &Options::routing, request::RoutingTable())
          .Sub("ledger", &Options::ledger, LedgerTable())
          .Sub("log", &Options::log, LogTable());
  return table;
}

config::Loaded<Options> LoadOptions(const std::optional<std::string>& file,
                                    const config::Environment& environment,
                                    const std::vector<config::Override>& overrides) {
  auto loaded = config::Load(RootTable(), file, environment, overrides);
  TakeMetricsPort(environment, loaded);
  if (loaded.ok()) {
    CheckServer(loaded);
    CheckProviders(loaded);
  }
  return loaded;
}

}  // namespace signalbox::app
