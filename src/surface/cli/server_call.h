// One call of a running Signalbox's management API.
//
// Owner: a command, on the main thread. Threads: that one. Cancel: nothing to undo.
// Errors: what to say and the exit status to end with; Complain says it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "surface/cli/exit_status.h"
#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct ServerAnswer {
  ExitStatus status = kDone;  // kDone: `body` is what was asked for
  std::string body;           // else what to say
};

struct ServerQuestion {
  std::string_view method = "GET";
  std::string path;
  std::vector<std::pair<std::string, std::string>> query =
      {};                 // those without a value are left out
  std::string body = {};  // JSON
};

ServerAnswer Ask(const ServerArguments& server, const ServerQuestion& question);

// "/api/keys?limit=5&after=a%20b"
std::string Target(const ServerQuestion& question);

// Says on standard error why `command` ("keys list") came to nothing; returns its exit status.
int Complain(std::string_view command, const ServerAnswer& answer);

}  // namespace signalbox::cli
