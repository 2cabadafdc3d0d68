// `signalbox config …`: the configuration for people and editors. Each returns the exit status: 0
// done, 1 could not be done, 2 the configuration is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/config/load.h"

namespace signalbox::app {

int ConfigCheck(const config::Request& request);
int ConfigShow(const config::Request& request, bool json);
int ConfigReference();
int ConfigSchema();

// The versions that were in effect, in a line each, or one of them whole.
int ConfigHistory(const config::Request& request, std::optional<std::uint64_t> version, bool json);
// No versions: from the last one in effect to the files as they are. One: from it to the files.
int ConfigDiff(const config::Request& request, const std::vector<std::uint64_t>& versions,
               bool json);
int ConfigRestore(const config::Request& request, std::uint64_t version);
// Signals the process that has the data directory, and says what came of it.
int ConfigReload(const config::Request& request);

}  // namespace signalbox::app
