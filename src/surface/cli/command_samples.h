// A small command line for tests of what is written from it.
#pragma once

#include <CLI/CLI.hpp>

#include <memory>

namespace signalbox::cli {

struct SampleApp {
  CLI::App app{"Signalbox stands between applications and AI models.", "signalbox"};
  std::string text;
  std::vector<std::string> names;
  int number = 5;

  SampleApp() {
    app.set_version_flag("--version", "signalbox 0");
    app.require_subcommand(1);
    CLI::App* serve = app.add_subcommand("serve", "Answer requests");
    serve->add_option("-c,--config", text, "Configuration file")->type_name("FILE");
    serve->add_option("--key", text, "Its access key")->envname("SIGNALBOX_KEY")->type_name("KEY");
    CLI::App* models = app.add_subcommand("models", "Look at models");
    models->require_subcommand(1);
    CLI::App* list = models->add_subcommand("list", "It's a list");
    list->add_option("-n,--number", number, "How many")->check(CLI::Range(1, 9));
    list->add_option("models", names, "Which")->type_name("MODEL");
    CLI::App* completion = app.add_subcommand("completion", "Print a script");
    completion->add_option("shell", text, "Which")
        ->check(CLI::IsMember({"bash", "fish", "zsh"}))
        ->required();
    app.add_subcommand("complete", "Names for shells")->group("");
  }

  // What is said about arguments that are not taken; empty when they are.
  std::string ErrorOn(std::vector<std::string> arguments);
};

}  // namespace signalbox::cli
