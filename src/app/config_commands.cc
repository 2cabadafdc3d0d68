#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "app/config_command.h"

namespace signalbox::app {
namespace {

struct Arguments : ConfigArguments {
  bool json = false;
  std::optional<std::uint64_t> version;
  std::vector<std::uint64_t> versions;
};
using Shared = std::shared_ptr<Arguments>;

void AddLooking(CLI::App& config, const Shared& arguments, int& status) {
  CLI::App* check = config.add_subcommand("check", "Say what is wrong with it, all at once");
  CLI::App* show =
      config.add_subcommand("show", "Print it with defaults and where values are from");
  for (CLI::App* command : {check, show}) {
    AddFileOptions(*command, *arguments, "-c,--config,file");
  }
  show->add_flag("--json", arguments->json, "As JSON");
  check->callback([arguments, &status] { status = ConfigCheck(arguments->ToRequest()); });
  show->callback(
      [arguments, &status] { status = ConfigShow(arguments->ToRequest(), arguments->json); });
}

void AddChanging(CLI::App& config, const Shared& arguments, int& status) {
  CLI::App* reload = config.add_subcommand("reload", "Make the running Signalbox read it again");
  AddConfigOptions(*reload, *arguments);
  reload->callback([arguments, &status] { status = ConfigReload(arguments->ToRequest()); });
  CLI::App* restore = config.add_subcommand("restore", "Write a version's files again");
  AddConfigOptions(*restore, *arguments);
  restore->add_option("version", arguments->version, "Which")->required();
  restore->callback([arguments, &status] {
    status = ConfigRestore(arguments->ToRequest(), *arguments->version);
  });
}

void AddVersions(CLI::App& config, const Shared& arguments, int& status) {
  CLI::App* history =
      config.add_subcommand("history", "List the configurations that were in effect");
  AddConfigOptions(*history, *arguments);
  history->add_option("version", arguments->version, "Print this one whole");
  history->add_flag("--json", arguments->json, "As JSON");
  history->callback([arguments, &status] {
    status = ConfigHistory(arguments->ToRequest(), arguments->version, arguments->json);
  });
  CLI::App* diff = config.add_subcommand(
      "diff", "Show what a reload would change, or what changed between versions");
  AddConfigOptions(*diff, *arguments);
  diff->add_option("versions", arguments->versions, "Two versions of the history")->expected(0, 2);
  diff->add_flag("--json", arguments->json, "As JSON");
  diff->callback([arguments, &status] {
    status = ConfigDiff(arguments->ToRequest(), arguments->versions, arguments->json);
  });
}

}  // namespace

void AddConfig(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* config = app.add_subcommand("config", "Look at the configuration, and change it");
  config->require_subcommand(1);
  AddLooking(*config, arguments, status);
  AddChanging(*config, arguments, status);
  AddVersions(*config, arguments, status);
  config->add_subcommand("reference", "Print the reference page (Markdown)")->callback([&status] {
    status = ConfigReference();
  });
  config->add_subcommand("schema", "Print the JSON Schema, for editors")->callback([&status] {
    status = ConfigSchema();
  });
}

}  // namespace signalbox::app
