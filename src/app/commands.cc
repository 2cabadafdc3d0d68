#include "app/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/version.h"
#include "surface/cli/exit_status.h"
#include "surface/cli/help.h"

namespace signalbox::app {
namespace {

// Which heading of --help a command stands under; the first that are there come first.
void Group(CLI::App& app) {
  constexpr std::pair<const char*, const char*> kGroups[] = {
      {"serve", "Run"},   {"upgrade", "Run"},   {"sim", "Run"},           {"chat", "Ask"},
      {"bench", "Ask"},   {"models", "Look"},   {"targets", "Look"},      {"ledger", "Look"},
      {"doctor", "Look"}, {"config", "Set up"}, {"completion", "Set up"}, {"man", "Set up"},
  };
  for (const auto& [name, group] : kGroups) {
    app.get_subcommand(name)->group(group);
  }
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app("Signalbox stands between applications and AI models.", "signalbox");
  app.set_version_flag("--version", std::string("signalbox ") + kVersion);
  app.require_subcommand(1);
  int status = cli::kDone;
  AddServe(app, status);
  AddChat(app, status);
  AddSim(app, status);
  AddLedger(app, status);
  AddBench(app, status);
  AddDoctor(app, status);
  AddUpgrade(app, status);
  AddModels(app, status);
  AddTargets(app, status);
  AddDialects(app, status);
  AddApi(app, status);
  AddResources(app, status);
  AddGovernance(app, status);
  AddRecords(app, status);
  AddConfig(app, status);
  AddShell(app, status);
  Group(app);
  cli::UseHelp(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      return app.exit(error);
    }
    fmt::print(stderr, "{}", cli::UsageError(app, error));
    return cli::kWrongUse;
  }
  return status;
}

}  // namespace signalbox::app
