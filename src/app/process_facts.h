// Other processes of this machine, as /proc shows them.
//
// Owner: nobody, these are functions. Threads: any; they read small files that never block.
// Errors: nullopt and false, also for what belongs to another user; those of ProcessToAsk.
// Cancel: nothing to undo.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/core/error.h"

namespace signalbox::app {

struct ProcessFacts {
  int pid = 0;
  std::string name;               // of the program, at most 15 characters
  std::chrono::seconds age{0};    // since its start
  std::string program;            // its file; empty when it is another user's
  bool program_replaced = false;  // the file at that path is not the one that runs

  // "signalbox (pid 17, for 3 h)"
  std::string Text() const;
};
std::optional<ProcessFacts> FactsOfProcess(int pid);

// Which processes listen on TCP port `port` of any address, as far as they can be seen.
std::vector<int> ListenersOn(std::uint16_t port);

// Who runs with a data directory. One that is shared with another machine or container is locked by
// a process whose number means another one here, or none: `held` without a process.
struct DataHolder {
  bool held = false;
  std::optional<ProcessFacts> process;
};
DataHolder HolderOf(const std::string& data_directory);

// The process to send a signal to, for `command` ("config reload"). kNotFound: none is running;
// kForbidden: it runs elsewhere. Both say what to do.
core::Result<int> ProcessToAsk(const std::string& data_directory, std::string_view command);

// Whether process `pid` has `path` open; nullopt when that cannot be seen.
std::optional<bool> HasOpen(int pid, const std::string& path);

}  // namespace signalbox::app
