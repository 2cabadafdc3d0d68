// Listening sockets.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/config/values.h"
#include "base/core/error.h"
#include "io/net/stream.h"

namespace signalbox::net {

// True for 127.0.0.0/8, ::1 and the name localhost.
bool IsLoopback(std::string_view host);

// A listening socket on `address` (numeric host or localhost). Several may share one port
// (SO_REUSEPORT): the kernel spreads connections over them.
core::Result<Socket> Listen(const config::HostPort& address);

// The port a listening socket got.
std::uint16_t LocalPort(const Socket& socket);

}  // namespace signalbox::net
