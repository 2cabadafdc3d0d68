#include "app/models_parts.h"

#include <fmt/format.h>
#include <unistd.h>

#include "surface/cli/terminal.h"

namespace signalbox::app {

int ComplainOfModels(std::string_view command, std::string_view what, cli::ExitStatus status) {
  fmt::print(stderr, "{}",
             cli::Wrapped(fmt::format("signalbox models {}: {}\n", command, what),
                          cli::TerminalOf(STDERR_FILENO).columns, 2));
  return status;
}

std::shared_ptr<const Snapshot> ReadSnapshot(const config::Request& request) {
  const Prepared prepared = Prepare(request, {.look_for_local_servers = true});
  if (prepared.snapshot == nullptr) {
    fmt::print(stderr, "{}", config::Text(prepared.loaded.problems));
  }
  return prepared.snapshot;
}

}  // namespace signalbox::app
