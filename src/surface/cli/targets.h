// `signalbox targets`: which providers, models and keys a running Signalbox holds for well.
//
// Threads: the main thread. Errors: on standard error; the exit status is 1 when one of them is not
// well, 3 when no Signalbox was reached. Cancel: Ctrl-C ends the program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "surface/cli/server_link.h"
#include "surface/cli/terminal.h"

namespace signalbox::cli {

struct TargetsArguments {
  ServerArguments server;
  bool json = false;
  bool watch = false;  // again every second, until Ctrl-C
};

int ShowTargets(const TargetsArguments& arguments);

// GET /api/health/targets for people.
struct TargetsView {
  std::string text;
  bool well = true;  // no breaker is open and no key rests
};
core::Result<TargetsView> ViewTargets(std::string_view report, const Terminal& terminal);

}  // namespace signalbox::cli
