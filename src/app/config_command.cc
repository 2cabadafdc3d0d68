#include "app/config_command.h"

#include <fmt/format.h>

#include "app/options.h"
#include "app/snapshot.h"
#include "base/config/show.h"
#include "surface/cli/exit_status.h"

namespace signalbox::app {

int ConfigCheck(const config::Request& request) {
  const Prepared prepared = Prepare(request, {.look_for_local_servers = false});
  fmt::print(stderr, "{}{}", config::Text(prepared.loaded.problems),
             config::Text(prepared.loaded.warnings));
  if (prepared.snapshot == nullptr) {
    return cli::kWrongUse;
  }
  fmt::print("{}: ok\n", request.file.value_or("defaults and environment"));
  return cli::kDone;
}

int ConfigShow(const config::Request& request, bool json) {
  const auto loaded = LoadOptions(request);
  if (!loaded.ok()) {
    fmt::print(stderr, "{}", config::Text(loaded.problems));
    return cli::kWrongUse;
  }
  fmt::print("{}", json ? config::ShowAsJson(RootTable(), loaded) + "\n"
                        : config::Show(RootTable(), loaded));
  return cli::kDone;
}

int ConfigReference() {
  fmt::print("{}", config::Reference(RootTable()));
  return cli::kDone;
}

int ConfigSchema() {
  fmt::print("{}\n", config::Schema(RootTable()));
  return cli::kDone;
}

}  // namespace signalbox::app
