// `signalbox serve`: the whole program from its options to its end.
//
// Owner:   main. Threads: called from the main thread, which then waits for signals.
// Errors:  told on standard error; the exit status is 1 or 2.
// Cancel:  SIGTERM or SIGINT drains; a second one ends at once.
#pragma once

#include <optional>
#include <string>

#include "app/options.h"

namespace signalbox::app {

// The exit status of the process: 0 after a drain, 1 when it could not start, 2 when its
// configuration is wrong.
int Serve(const config::Request& request);

}  // namespace signalbox::app
