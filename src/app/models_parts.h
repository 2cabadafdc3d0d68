// What the `models` commands share.
//
// Owner: the commands. Threads: the main thread. Errors: on standard error. Cancel: nothing to
// undo.
#pragma once

#include <memory>
#include <string_view>

#include "app/snapshot.h"
#include "surface/cli/exit_status.h"

namespace signalbox::app {

// Says what is wrong, and returns `status`.
int ComplainOfModels(std::string_view command, std::string_view what, cli::ExitStatus status);

// The configuration made ready; null when it is wrong, and then every mistake has been said.
std::shared_ptr<const Snapshot> ReadSnapshot(const config::Request& request);

}  // namespace signalbox::app
