// Listening sockets.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/config/values.h"
#include "base/core/error.h"
#include "io/net/stream.h"

namespace signalbox::net {

// True for 127.0.0.0/8, ::1 and the name localhost.
bool IsLoopback(std::string_view host);

// `count` listening sockets on `address` (numeric host or localhost) that share one port
// (SO_REUSEPORT): the kernel spreads connections over them. Port 0 takes a free one.
// kUnavailable when somebody else has the port.
core::Result<std::vector<Socket>> Listen(const config::HostPort& address, std::uint32_t count);

// The same, with those of `inherited` that are bound to `address` among them, which are taken out
// of it; there may then be more than `count`. Port 0 is the port of the first that has the host.
core::Result<std::vector<Socket>> Listen(const config::HostPort& address, std::uint32_t count,
                                         std::vector<Socket>& inherited);

// Where a listening socket is bound.
config::HostPort LocalAddress(const Socket& socket);
std::uint16_t LocalPort(const Socket& socket);
// Another descriptor of the same socket.
core::Result<Socket> Duplicate(const Socket& socket);

}  // namespace signalbox::net
