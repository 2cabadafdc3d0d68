// What a command's exit status says; the same for all commands. --help and the man page list these.
#pragma once

#include <span>
#include <string_view>

namespace signalbox::cli {

enum ExitStatus : int {
  kDone = 0,
  kFailed = 1,        // the call failed, or what was asked about is not well
  kWrongUse = 2,      // arguments or configuration: nothing was done
  kNotReached = 3,    // no running Signalbox at the address, or none on the data directory
  kInterrupted = 130  // Ctrl-C, as shells count it: 128 and the signal's number
};

struct ExitMeaning {
  ExitStatus status;
  std::string_view meaning;
};

// Every status, in order.
std::span<const ExitMeaning> ExitMeanings();

}  // namespace signalbox::cli
