#include "app/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/config_command.h"
#include "app/serve.h"
#include "app/sim_serve.h"
#include "app/version.h"
#include "surface/cli/bench.h"
#include "surface/cli/chat.h"
#include "surface/cli/ledger_tail.h"

namespace signalbox::app {
namespace {

// A command's arguments live as long as the parser; its action runs once everything is parsed.
struct Commands {
  int status = 0;
  std::string config;
  std::string listen;
  std::string data;
  cli::ChatArguments chat;
  cli::BenchArguments bench;
  cli::LedgerTailArguments tail;
  SimServeArguments sim;
  bool json = false;
};

std::optional<std::string> Given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

ServeArguments ToServe(const Commands& commands) {
  ServeArguments arguments{.config_file = Given(commands.config)};
  if (!commands.listen.empty()) {
    arguments.overrides.push_back({"server.listen", commands.listen, "--listen"});
  }
  if (!commands.data.empty()) {
    arguments.overrides.push_back({"data", commands.data, "--data"});
  }
  return arguments;
}

void AddServe(CLI::App& app, Commands& commands) {
  CLI::App* serve = app.add_subcommand("serve", "Answer requests");
  serve->add_option("-c,--config", commands.config, "Configuration file (YAML); none is needed");
  serve->add_option("-l,--listen", commands.listen, "HOST:PORT instead of server.listen");
  serve->add_option("-d,--data", commands.data, "Data directory instead of data");
  serve->callback([&commands] { commands.status = Serve(ToServe(commands)); });
}

void AddServer(CLI::App& command, cli::ServerArguments& server) {
  command.add_option("--url", server.url, "The running Signalbox")
      ->envname("SIGNALBOX_URL")
      ->capture_default_str();
  command.add_option("--key", server.key, "Its access key")->envname("SIGNALBOX_KEY");
  command.add_option("--ca", server.ca, "PEM file with the authorities to believe");
}

void AddChat(CLI::App& app, Commands& commands) {
  CLI::App* chat = app.add_subcommand("chat", "Ask a running Signalbox");
  AddServer(*chat, commands.chat.server);
  chat->add_option("-m,--model", commands.chat.model, "Model")->capture_default_str();
  chat->add_option("-s,--system", commands.chat.system, "System prompt");
  chat->add_flag("--json", commands.chat.json, "One JSON object when the answer is complete");
  chat->add_option("prompt", commands.chat.prompt, "What to ask; '-' or none reads standard input");
  chat->callback([&commands] { commands.status = cli::Chat(commands.chat); });
}

void AddBench(CLI::App& app, Commands& commands) {
  CLI::App* bench = app.add_subcommand("bench", "Measure a running Signalbox from here");
  AddServer(*bench, commands.bench.server);
  bench->add_option("-m,--model", commands.bench.model, "Model")->capture_default_str();
  bench->add_option("-n,--requests", commands.bench.requests, "Requests in all")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  bench->add_option("-j,--concurrency", commands.bench.concurrency, "Requests at once")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  bench->add_flag("--json", commands.bench.json, "One JSON object");
  bench->callback([&commands] { commands.status = cli::Bench(commands.bench); });
}

void AddConfig(CLI::App& app, Commands& commands) {
  CLI::App* config = app.add_subcommand("config", "Look at the configuration");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Say what is wrong with it, all at once");
  CLI::App* show =
      config->add_subcommand("show", "Print it with defaults and where values are from");
  for (CLI::App* command : {check, show}) {
    command->add_option("-c,--config,file", commands.config, "Configuration file (YAML)");
  }
  show->add_flag("--json", commands.json, "As JSON");
  check->callback([&commands] { commands.status = ConfigCheck(Given(commands.config)); });
  show->callback(
      [&commands] { commands.status = ConfigShow(Given(commands.config), commands.json); });
  config->add_subcommand("reference", "Print the reference page (Markdown)")->callback([&commands] {
    commands.status = ConfigReference();
  });
  config->add_subcommand("schema", "Print the JSON Schema, for editors")->callback([&commands] {
    commands.status = ConfigSchema();
  });
}

void AddLedger(CLI::App& app, Commands& commands) {
  CLI::App* ledger = app.add_subcommand("ledger", "Look at what was written down about calls");
  ledger->require_subcommand(1);
  CLI::App* tail = ledger->add_subcommand("tail", "Print records, oldest first");
  tail->add_option("-d,--data", commands.tail.data, "Data directory")->capture_default_str();
  tail->add_option("-n,--count", commands.tail.count, "Only the last so many");
  tail->add_flag("-f,--follow", commands.tail.follow, "Go on with new ones");
  tail->add_flag("--json", commands.tail.json, "One JSON object a line");
  tail->callback([&commands] { commands.status = cli::LedgerTail(commands.tail); });
}

void AddSim(CLI::App& app, Commands& commands) {
  CLI::App* sim = app.add_subcommand("sim", "The built-in provider on its own");
  sim->require_subcommand(1);
  CLI::App* serve = sim->add_subcommand("serve", "Answer as an OpenAI-compatible upstream");
  serve->add_option("-l,--listen", commands.sim.listen, "HOST:PORT")->capture_default_str();
  serve->add_option("-s,--script", commands.sim.script, "Faults to play (YAML)");
  serve->callback([&commands] { commands.status = SimServe(commands.sim); });
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app("Signalbox stands between applications and AI models.", "signalbox");
  app.set_version_flag("--version", std::string("signalbox ") + kVersion);
  app.require_subcommand(1);
  Commands commands;
  AddServe(app, commands);
  AddChat(app, commands);
  AddSim(app, commands);
  AddConfig(app, commands);
  AddLedger(app, commands);
  AddBench(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return commands.status;
}

}  // namespace signalbox::app
