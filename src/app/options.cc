#include "app/options.h"

#include <fmt/format.h>
#include "app/host_rule.h"

#include "app/version.h"
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
                .max = config::GiB(1),
                .restart = true})
          .Add("keep", &LedgerSection::keep,
               {.doc = "Archived records; the oldest go when there are more.",
                .min = config::MiB(64),
                .max = config::GiB(16 * 1024),
                .restart = true});
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
                          {"human", LogFormat::kHuman}},
                .restart = true});
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

// Comes first of all problems: it explains the others.
void CheckVersion(config::Loaded<Options>& loaded) {
  if (loaded.value.config_version > kConfigVersion) {
    loaded.problems.insert(
        loaded.problems.begin(),
        {loaded.sources.Find("config_version"),
         fmt::format("config_version: the file is written for a newer Signalbox; this one, {}, "
                     "knows versions up to {}: start the newer one, or write the file as signalbox "
                     "config reference says",
                     kVersion, kConfigVersion)});
  }
}

void CheckServer(config::Loaded<Options>& loaded) {
  if (!loaded.Sound("server") || !loaded.Sound("access")) {
    return;
  }
  const net::ServerOptions& server = loaded.value.server;
  const bool open = !net::IsLoopback(server.listen.host);
  const bool open_metrics = server.metrics && !net::IsLoopback(server.metrics->host);
  if (!AsksForCredentials(loaded.value) && (open || open_metrics)) {
    loaded.Complain(open ? "server.listen" : "server.metrics",
                    "listens beyond this machine without a credential; set access.key, or "
                    "identity.keys: required, or listen on 127.0.0.1");
  }
  if (server.tls.cert.empty() != server.tls.key.empty()) {
    loaded.Complain("server.tls", "cert and key go together");
  }
}

void CheckIdentity(config::Loaded<Options>& loaded) {
  if (!loaded.Sound("identity")) {
    return;
  }
  for (const auto& [key, message] : identity::CheckOptions(loaded.value.identity)) {
    loaded.Complain("identity." + key, message);
  }
}

void CheckStore(const config::Environment& environment, config::Loaded<Options>& loaded) {
  if (!loaded.Sound("store")) {
    return;
  }
  const StoreSection written = loaded.value.store;
  StoreSection& store = loaded.value.store;
  for (const auto& [key, message] : SettleStore(environment, store)) {
    loaded.Complain("store." + key, message);
  }
  const auto from = [&loaded](const char* option, const char* variable) {
    loaded.sources.Set(option, {.kind = config::Source::Kind::kEnvironment, .name = variable});
  };
  if (store.records != written.records) {
    from("store.records", "DATABASE_URL");
  }
  if (store.shared != written.shared) {
    from("store.shared", "REDIS_URL");
  }
}

void CheckBudgets(config::Loaded<Options>& loaded) {
  if (loaded.Sound("budgets") && !quota::LoadZone(loaded.value.budgets.zone)) {
    loaded.Complain("budgets.zone", "there is no time zone '" + loaded.value.budgets.zone +
                                        "' on this machine; write one like UTC or Europe/Berlin");
  }
}

void CheckDns(config::Loaded<Options>& loaded) {
  if (!loaded.Sound("dns")) {
    return;
  }
  std::string wrong;
  if (!net::ServerList(loaded.value.dns.servers, wrong)) {
    loaded.Complain("dns.servers", "'" + wrong +
                                       "' is no address of a name server; write an IP address, "
                                       "with a port where it is not 53, as in 127.0.0.1:5353");
  }
}

void CheckProviders(config::Loaded<Options>& loaded) {
  for (const auto& [name, options] : loaded.value.providers) {
    const std::string path = config::Join("providers", name);
    if (!loaded.Sound(path) || !loaded.Sound("upstream_gateway")) {
      continue;
    }
    for (const core::Error& problem :
         providers::CheckProvider(name, options, loaded.value.upstream_gateway)) {
      loaded.Complain(problem.param.empty() ? path : path + "." + problem.param, problem.message);
    }
  }
}

}  // namespace

const config::Table<Options>& RootTable() {
  static const auto table =
      config::Table<Options>("signalbox", "The configuration of Signalbox.")
          .Add("config_version", &Options::config_version,
               {.doc = "The form that the file is written in; a Signalbox that is older than the "
                       "file refuses it.",
                .min = 1})
          .Sub("server", &Options::server, net::ServerTable())
          .Sub("access", &Options::access, api::AccessTable())
          .Add("data", &Options::data,
               {.doc = "Directory for everything that is kept.", .min = 1, .restart = true})
          .Map("providers", &Options::providers, providers::ProviderTable(),
               {.doc = "Places that answer model calls, by name."})
          .Sub("upstream_gateway", &Options::upstream_gateway, providers::UpstreamGatewayTable())
          .Map("models", &Options::models, request::AliasTable(),
               {.doc = "Names of your own for models of providers."})
          .Map("catalog", &Options::catalog, catalog::ModelTable(),
               {.doc = "What is known of models beyond what Signalbox ships with, by "
                       "provider/model."})
          .Sub("routing", &Options::routing, request::RoutingTable())
          .Sub("media", &Options::media, providers::MediaTable())
          .Sub("retry", &Options::retry, execution::RetryTable())
          .Sub("breaker", &Options::breaker, execution::BreakerTable())
          .Sub("cache", &Options::cache, cache::CacheTable())
          .Sub("dns", &Options::dns, net::ResolverTable())
          .Sub("store", &Options::store, StoreTable())
          .Sub("ledger", &Options::ledger, LedgerTable())
          .Sub("retention", &Options::retention, ledger::RetentionTable())
          .Sub("identity", &Options::identity, identity::IdentityTable())
          .Sub("limits", &Options::limits, quota::LimitsTable())
          .Sub("budgets", &Options::budgets, quota::BudgetsTable())
          .Sub("encryption", &Options::encryption, vault::EncryptionTable())
          .Sub("log", &Options::log, LogTable());
  return table;
}

config::Loaded<Options> LoadOptions(const config::Request& request) {
  auto loaded = config::Load(RootTable(), request);
  CheckVersion(loaded);
  TakeMetricsPort(request.environment, loaded);
  CheckServer(loaded);
  CheckDns(loaded);
  CheckIdentity(loaded);
  CheckStore(request.environment, loaded);
  CheckBudgets(loaded);
  CheckProviders(loaded);
  if (loaded.ok()) {
    CheckHosts(loaded);
  }
  return loaded;
}

bool AsksForCredentials(const Options& options) {
  return !options.access.key.empty() || !options.identity.oidc.empty() ||
         options.identity.keys == identity::KeysMode::kRequired;
}

void CheckReload(const Options& running, config::Loaded<Options>& next) {
  const net::ServerOptions& server = running.server;
  const bool open = !net::IsLoopback(server.listen.host) ||
                    (server.metrics && !net::IsLoopback(server.metrics->host));
  if (!AsksForCredentials(next.value) && open) {
    next.Complain("access.key",
                  "is gone while Signalbox listens beyond this machine (" + server.listen.Text() +
                      "); listening elsewhere takes a restart: restart it, or leave the key");
  }
}

void KeepWhatNeedsRestart(const Options& running, Options& next) {
  next.server.listen = running.server.listen;
  next.server.workers = running.server.workers;
  next.server.metrics = running.server.metrics;
  next.data = running.data;
  next.dns = running.dns;
  next.cache.exact.max_bytes = running.cache.exact.max_bytes;
  next.cache.exact.max_entries = running.cache.exact.max_entries;
  next.cache.exact.max_followers = running.cache.exact.max_followers;
  next.store = running.store;
  next.ledger = running.ledger;
  next.retention.archive = running.retention.archive;
  next.encryption = running.encryption;
  next.log.format = running.log.format;
}

}  // namespace signalbox::app
