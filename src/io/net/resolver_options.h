// How the names of providers are looked up: the section `dns`.
//
// Owner:   the configuration. Threads: read only once made. Errors: the table's. Cancel: nothing
// waits.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/config/table.h"

namespace signalbox::net {

struct ResolverOptions {
  std::vector<std::string> servers;  // as ServerList takes them; empty: the system's
  std::chrono::nanoseconds stale = std::chrono::minutes(10);
};
const config::Table<ResolverOptions>& ResolverTable();

// "10.0.0.2", "10.0.0.2:5353", "fd00::1", "[fd00::1]:5353": as c-ares wants to have them, with
// commas between. Nothing when one is no such address; `wrong` is then that one.
std::optional<std::string> ServerList(std::span<const std::string> servers, std::string& wrong);

}  // namespace signalbox::net
