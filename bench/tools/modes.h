// The load generator's modes. Each runs to its end, which is bounded in time, and returns what it
// counted; nothing is printed before.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clock.h"
#include "result.h"
#include "sockets.h"

namespace signalbox::bench {

struct LoadOptions {
  Endpoint target;
  std::string request;                   // head and body
  std::vector<std::string> credentials;  // closed: header lines that take turns; none: none is sent
  bool unique = false;                   // closed: no two requests are equal
  std::int64_t connections = 32;
  Nanos duration = 3 * kSecond;
  std::int64_t requests = 0;      // closed, latency: stop after so many; 0: no bound but the time
  double rate = 1000;             // open: requests per second
  std::int64_t tokens = 100;      // streams: content frames per stream
  double tokens_per_second = 50;  // streams: the pace expected
  Nanos ramp = kSecond;           // streams: over how long the streams start
  Nanos hold = kSecond;           // bodies: how long all bodies lie unfinished at the gateway
};

// Closed loop: every connection sends its next request when its answer has come.
Result RunClosed(const LoadOptions& options);

// Open loop: requests are due at seeded Poisson times, whatever the answers do; latency counts
// from the due time, so a stall is felt by every request it delays.
Result RunOpen(const LoadOptions& options);

// One connection, one request after the other, with blocking calls.
Result RunLatency(const LoadOptions& options);

// Concurrent server-sent event streams; every frame is counted and timed.
Result RunStreams(const LoadOptions& options);

// Every connection sends all of its body but the end, all are held, then all finish and wait.
Result RunBodies(const LoadOptions& options);

}  // namespace signalbox::bench
