// `signalbox keys rotate-master`: a new master key, made beside a running Signalbox or without one.
//
// Owner: the command, on the main thread. Threads: that one; blocks.
// Errors: on standard error, with the exit status. Cancel: a kill loses no key; see key_file.h.
#pragma once

#include "base/config/load.h"

namespace signalbox::app {

int RotateMasterKey(const config::Request& request);

}  // namespace signalbox::app
