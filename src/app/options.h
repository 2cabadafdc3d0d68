// The whole configuration: every stage's section under one root.
//
// Owner:   the process, for its life. Threads: read only once loaded.
// Errors:  all of them at once, each with file, line and column.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/store_options.h"
#include "base/config/load.h"
#include "base/telemetry/log.h"
#include "io/net/resolver_options.h"
#include "io/net/server_options.h"
#include "io/store/vault/options.h"
#include "pipeline/cache/options.h"
#include "pipeline/execution/options.h"
#include "pipeline/identity/options.h"
#include "pipeline/ledger/retention.h"
#include "pipeline/quota/options.h"
#include "pipeline/request/target.h"
#include "surface/api/access.h"
#include "vendors/catalog/options.h"
#include "vendors/providers/media_fetcher.h"
#include "vendors/providers/provider.h"

namespace signalbox::app {

struct LedgerSection {
  config::ByteSize ring = config::MiB(64);  // per worker
  config::ByteSize keep = config::GiB(4);   // archived segments together
};

struct LogSection {
  telemetry::Level level = telemetry::Level::kInfo;
  telemetry::LogFormat format = telemetry::LogFormat::kAuto;
};

// The form of configuration files that this program reads. A key that goes away stays known to its
// table (config::Table::Instead), so that an old file is told what to write.
inline constexpr int kConfigVersion = 1;

struct Options {
  int config_version = kConfigVersion;
  net::ServerOptions server;
  api::AccessOptions access;
  std::string data = "./data";
  std::map<std::string, providers::ProviderOptions> providers;
  providers::UpstreamGatewayOptions upstream_gateway;
  std::map<std::string, request::AliasOptions> models;
  catalog::ConfiguredModels catalog;
  request::RoutingOptions routing;
  providers::MediaOptions media;
  execution::RetryOptions retry;
  execution::BreakerOptions breaker;
  cache::CacheOptions cache;
  net::ResolverOptions dns;
  StoreSection store;
  LedgerSection ledger;
  ledger::RetentionOptions retention;
  identity::IdentityOptions identity;
  quota::LimitsOptions limits;
  quota::BudgetsOptions budgets;
  vault::EncryptionOptions encryption;
  LogSection log;
};

const config::Table<Options>& RootTable();

// Reads and checks: sections against each other too.
config::Loaded<Options> LoadOptions(const config::Request& request);

// Whether every caller has to have a key, whatever the database holds.
bool AsksForCredentials(const Options& options);

// What would be wrong about a reload although it is right by itself: the port stays open where it
// is, whatever `next` says, and must not lose its key.
void CheckReload(const Options& running, config::Loaded<Options>& next);

// What a reload cannot change stays as it is running.
void KeepWhatNeedsRestart(const Options& running, Options& next);

}  // namespace signalbox::app
