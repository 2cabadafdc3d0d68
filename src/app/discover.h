// Which providers there are: those configured; without any, those whose usual key is in the
// environment and local servers that answer on their usual port; and `sim`, always.
//
// Threads: called once at start. Errors: none; a port that does not answer has no server.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/config/environment.h"
#include "vendors/providers/provider.h"

namespace signalbox::app {

struct DiscoverySettings {
  bool look_for_local_servers = true;
};

std::vector<providers::Provider> DiscoverProviders(
    const std::map<std::string, providers::ProviderOptions>& configured,
    const providers::UpstreamGatewayOptions& gateway, const config::Environment& environment,
    const DiscoverySettings& settings);

}  // namespace signalbox::app
