// One look at a running Signalbox over HTTP, for what checks it from outside.
//
// Owner:   the command, with a ServerLink of its own. Threads: the link's loop.
// Errors:  in the look: what could not be reached or read. An error status is an answer.
// Cancel:  each look has its own time.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/async/task.h"
#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct Look {
  core::Status status;  // an error: no answer
  int code = 0;
  std::string body;
  std::string server;  // fields of the answer; empty when absent
  std::string date;
  std::string cost;
};

struct Ask {
  std::string path;
  std::string body = {};  // empty: GET, else POST
  bool without_key = false;
};
async::Task<Look> LookAt(ServerLink* link, Ask ask);

// A stream, and when its events came.
struct StreamLook {
  core::Status status;
  int code = 0;
  std::vector<std::chrono::nanoseconds> events;  // since the request, of those with data
  bool done = false;                             // it came to its [DONE]
};
async::Task<StreamLook> WatchStream(ServerLink* link, std::string body);

// True when what should come piece by piece came in one lump: the first event of many about as late
// as the last.
bool CameInOneLump(const StreamLook& look);

// The version that /metrics names; empty when it names none.
std::string VersionIn(std::string_view metrics);

}  // namespace signalbox::cli
