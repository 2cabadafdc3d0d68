// Values that come from the environment (SIGNALBOX_SERVER__LISTEN) and from the command line.
//
// Owner: LoadInto, for one call. Threads: one. Cancel: nothing waits.
// Errors: appended as problems that name the variable or the option.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/config/environment.h"
#include "base/config/load.h"
#include "base/config/problem.h"
#include "base/config/table.h"

namespace signalbox::config {

inline constexpr std::string_view kVariablePrefix = "SIGNALBOX_";

// Variables with __ in their name must be options; of the others only top-level options are taken
// (an orchestrator sets names such as SIGNALBOX_PORT for a service called signalbox). A secret's
// name with _FILE names the file that holds it: SIGNALBOX_ACCESS__KEY_FILE=/run/secrets/access.
void OverrideFromEnvironment(const TableData& table, void* object, const Environment& environment,
                             Outside& outside, Outcome& outcome, std::vector<Problem>& problems);

void OverrideFromCommandLine(const TableData& table, void* object,
                             const std::vector<Override>& overrides, Sources& sources,
                             std::vector<Problem>& problems);

// "gpt-4.1" -> "GPT_4_1": a key or an entry's name as it is written in a variable.
std::string VariableWord(std::string_view key);

}  // namespace signalbox::config
