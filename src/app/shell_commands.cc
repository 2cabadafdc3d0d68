#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "app/models_command.h"
#include "app/version.h"
#include "surface/cli/completion.h"
#include "surface/cli/man_page.h"

namespace signalbox::app {
namespace {

struct Arguments : ConfigArguments {
  std::string name;
};

cli::Shell ShellOf(const std::string& name) {
  return name == "bash" ? cli::Shell::kBash : name == "zsh" ? cli::Shell::kZsh : cli::Shell::kFish;
}

}  // namespace

void AddShell(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* completion =
      app.add_subcommand("completion", "Print a script that completes commands in a shell");
  completion->add_option("shell", arguments->name, "Which shell")
      ->check(CLI::IsMember({"bash", "fish", "zsh"}))
      ->required();
  completion->callback([arguments, &app] {
    fmt::print("{}", cli::CompletionScript(cli::TreeOf(app), ShellOf(arguments->name)));
  });
  app.add_subcommand("man", "Print the manual page; read it with: signalbox man | man -l -")
      ->callback(
          [&app] { fmt::print("{}", cli::ManPage(cli::TreeOf(app), kVersion, kVersionDay)); });
  CLI::App* complete = app.add_subcommand("complete", "Names for shells")->group("");
  complete->add_option("kind", arguments->name, "models or providers")->required();
  complete->callback(
      [arguments, &status] { status = CompleteNames(arguments->ToRequest(), arguments->name); });
}

}  // namespace signalbox::app
