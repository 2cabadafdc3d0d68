// What this process was started with by the one before it, or by systemd: listening sockets, and a
// line to whoever still serves.
//
// Owner:   Serve, then the Program. Threads: the main thread's.
// Errors:  the process before has not said in time what it leaves.
// Cancel:  nothing to undo.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config/environment.h"
#include "io/net/channel.h"

namespace signalbox::app {

// In the environment of a successor: which descriptor is its end of the line.
inline constexpr const char* kHandOverVariable = "SIGNALBOX_HANDOVER";
// What a successor says when it serves, with its version behind it. Any other words are why it
// cannot.
inline constexpr std::string_view kReadyWord = "ready ";

struct Inheritance {
  std::vector<net::Socket> listeners;
  std::vector<net::Socket> metrics;         // those of a process before, apart from the others
  bool given = false;                       // by the service manager, now or to a process before
  std::optional<net::Channel> predecessor;  // it goes on serving until it is told "ready"
};

// What a process says to its successor along with its listening sockets, of which the first `count`
// are for requests and the rest for metrics.
std::string HandOverText(std::size_t count, bool given);

core::Result<Inheritance> Inherit(const config::Environment& environment);

}  // namespace signalbox::app
