// `signalbox doctor`: what works, what is missing, what to do.
//
// Threads: the main thread, with a loop of its own for what waits; it may block for the disk.
// Errors:  findings of the report. Cancel: each look has its own short time.
//
// It changes nothing, and nothing secret is printed. Requests go only to the configured providers
// (their list of models) and to a running Signalbox of this data directory.
#pragma once

#include "base/config/load.h"

namespace signalbox::app {

struct DoctorArguments {
  bool offline = false;  // nothing is asked over the network
  bool json = false;
};

// The exit status: 0 nothing is bad, 1 something is, 2 the configuration is wrong.
int Doctor(const config::Request& request, const DoctorArguments& arguments);

}  // namespace signalbox::app
