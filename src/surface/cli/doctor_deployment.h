// `signalbox doctor --deployment URL`: a running installation, looked at from outside.
//
// Threads: the main thread with a loop of its own. Errors: findings of the report.
// Cancel: each look has its own time.
//
// It sends GET requests and, for the way of a stream, one call to the built-in provider, which
// costs nothing. Only with `request` a model is called.
#pragma once

#include "surface/cli/server_link.h"

namespace signalbox::cli {

struct DeploymentArguments {
  ServerArguments server;
  bool request = false;  // one tiny call of `auto`
  bool json = false;
};

// The exit status: 0 nothing is bad, 1 something is, 2 the URL is none, 3 nothing answers there.
int DoctorDeployment(const DeploymentArguments& arguments);

}  // namespace signalbox::cli
