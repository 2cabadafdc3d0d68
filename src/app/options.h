// The whole configuration: every stage's section under one root.
//
// Owner:   the process, for its life. Threads: read only once loaded.
// Errors:  all of them at once, each with file, line and column.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config/load.h"
#include "base/telemetry/log.h"
#include "io/net/server_options.h"
#include "pipeline/request/target.h"
#include "surface/api/access.h"
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

struct Options {
  net::ServerOptions server;
  api::AccessOptions access;
  std::string data = "./data";
  std::map<std::string, providers::ProviderOptions> providers;
  std::map<std::string, request::AliasOptions> models;
  request::RoutingOptions routing;
  LedgerSection ledger;
  LogSection log;
};

const config::Table<Options>& RootTable();

// Reads and checks: sections against each other too.
config::Loaded<Options> LoadOptions(const std::optional<std::string>& file,
                                    const config::Environment& environment,
                                    const std::vector<config::Override>& overrides);

}  // namespace signalbox::app
