// `signalbox upgrade`: the running Signalbox hands over to the program file that is there now.
//
// Threads: the main thread; it waits for the outcome. Errors: on standard error.
#pragma once

#include "base/config/load.h"

namespace signalbox::app {

// The exit status: 0 the new process serves; 1 it does not, and the old one goes on; 3 none is
// running with the data directory that `request` names.
int UpgradeCommand(const config::Request& request, bool json);

}  // namespace signalbox::app
