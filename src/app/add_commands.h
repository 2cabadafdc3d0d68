// Puts commands onto the parser: one function for each, beside those that it belongs with.
//
// Owner:   the parser; each command keeps its arguments alive by itself.
// Threads: the main thread's. Errors: the parser's. Cancel: nothing waits.
//
// A command runs when everything is parsed, and leaves its exit status in `status`.
#pragma once

namespace CLI {
class App;
}

namespace signalbox::app {

// run_commands.cc
void AddServe(CLI::App& app, int& status);
void AddUpgrade(CLI::App& app, int& status);
void AddSim(CLI::App& app, int& status);
void AddDoctor(CLI::App& app, int& status);

// ask_commands.cc
void AddChat(CLI::App& app, int& status);
void AddBench(CLI::App& app, int& status);
void AddLedger(CLI::App& app, int& status);
void AddTargets(CLI::App& app, int& status);
void AddApi(CLI::App& app, int& status);
void AddDialects(CLI::App& app, int& status);

// resource_commands.cc
void AddResources(CLI::App& app, int& status);

// record_commands.cc, behind what they stand under: `keys`, `ledger`
void AddRecords(CLI::App& app, int& status);

// governance_commands.cc
void AddGovernance(CLI::App& app, int& status);

// models_commands.cc
void AddModels(CLI::App& app, int& status);

// config_commands.cc
void AddConfig(CLI::App& app, int& status);

// shell_commands.cc
void AddShell(CLI::App& app, int& status);

}  // namespace signalbox::app
