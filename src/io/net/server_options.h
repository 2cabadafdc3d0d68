// How clients reach Signalbox: the `server` section of the configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/config/table.h"

namespace signalbox::net {

struct ServerTimeouts {
  std::chrono::nanoseconds header{std::chrono::seconds(10)};  // first byte to end of head
  std::chrono::nanoseconds body{std::chrono::seconds(30)};    // end of head to end of body, plus
                                                              // one second per 4 KiB received
  std::chrono::nanoseconds idle{std::chrono::seconds(75)};    // between requests
  std::chrono::nanoseconds write{std::chrono::seconds(30)};   // a client that takes nothing
};

struct ServerLimits {
  config::ByteSize header_bytes = config::KiB(32);
  std::uint32_t header_fields = 100;
  config::ByteSize target_bytes = config::KiB(8);
  config::ByteSize body_bytes = config::MiB(64);
  config::ByteSize held_bytes = config::MiB(1);  // of a form, before its model is known
  std::uint32_t connections = 20'000;            // per worker
};

struct ServerTls {
  std::string cert;  // PEM files; empty: plain
  std::string key;
};

struct ServerOptions {
  config::HostPort listen{"127.0.0.1", 8080};
  std::uint32_t workers = 0;  // 0: one per core
  std::optional<config::HostPort> metrics;
  std::chrono::nanoseconds grace{0};
  std::chrono::nanoseconds drain{std::chrono::seconds(30)};
  ServerTimeouts timeouts;
  ServerLimits limits;
  ServerTls tls;
};

const config::Table<ServerOptions>& ServerTable();

}  // namespace signalbox::net
