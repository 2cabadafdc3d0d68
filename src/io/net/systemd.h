// What systemd and its services say to each other: sockets that it has opened, and how we are.
//
// Owner: nobody, these are functions. Threads: the main thread's. Cancel: none.
// Errors: none; without systemd there are no sockets and nobody listens.
// Source: sd_listen_fds(3), sd_notify(3).
#pragma once

#include <string_view>
#include <vector>

#include "base/config/environment.h"
#include "io/net/stream.h"

namespace signalbox::net {

// The listening sockets that this process was started with.
std::vector<Socket> SystemdListeners(const config::Environment& environment);

// "READY=1", "STOPPING=1", "MAINPID=123"
void NotifySystemd(const config::Environment& environment, std::string_view state);

}  // namespace signalbox::net
