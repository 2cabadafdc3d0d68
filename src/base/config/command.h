// Runs a program for its output.
//
// Owner:   nobody; a function. Threads: any; blocks its own for `time` at most.
// Errors:  a sentence without the program's name, arguments or output.
// Cancel:  at the end of `time` the program and its children (its process group) are killed.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <vector>

#include "base/config/environment.h"

namespace signalbox::config {

struct CommandLimits {
  std::chrono::milliseconds time;
  std::size_t bytes;
};

// No shell: arguments[0] is looked up in PATH. Standard input and standard error are /dev/null, the
// environment is `environment`. What the program prints must end before the program does; children
// that it leaves behind are not waited for.
std::expected<std::string, std::string> RunCommand(const std::vector<std::string>& arguments,
                                                   const Environment& environment,
                                                   const CommandLimits& limits);

}  // namespace signalbox::config
