#include "app/master_key_command.h"

#include <fmt/format.h>

#include <cstdio>

#include "app/database.h"
#include "app/key_store.h"
#include "app/options.h"
#include "surface/cli/exit_status.h"

namespace signalbox::app {
namespace {

core::Result<vault::MasterRotation> Rotate(const Options& options,
                                           const config::Environment& environment) {
  std::unique_ptr<store::Sql> records;
  if (KeysAreShared(options)) {
    SB_TRY(records, OpenDatabase(options));
  }
  const auto keys = OpenKeyStore(options, records.get());
  return vault::RotateMasterKey(options.encryption, environment, options.data, *keys);
}

void Tell(const vault::MasterRotation& rotation) {
  if (rotation.path.empty()) {
    fmt::print("the data keys are wrapped by the master key {}\n", rotation.master.Text());
    fmt::print(stderr,
               "take encryption.previous_key out of the configuration; backups from before want "
               "it, so keep it for them\n");
    return;
  }
  fmt::print("{}: the master key is {} now\n", rotation.path, rotation.master.Text());
  fmt::print(stderr,
             "keep a copy of it apart from the data; backups from before want the key from "
             "before. A running Signalbox follows by itself\n");
}

}  // namespace

int RotateMasterKey(const config::Request& request) {
  const auto loaded = LoadOptions(request);
  if (!loaded.Sound("encryption") || !loaded.Sound("data") || !loaded.Sound("store")) {
    fmt::print(stderr,
               "signalbox keys rotate-master: the configuration is wrong; see signalbox "
               "config check\n");
    return cli::kWrongUse;
  }
  const auto rotated = Rotate(loaded.value, request.environment);
  if (!rotated) {
    fmt::print(stderr, "signalbox keys rotate-master: {}\n", rotated.error().message);
    return cli::kFailed;
  }
  Tell(*rotated);
  return cli::kDone;
}

}  // namespace signalbox::app
