#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "surface/api/api.h"
#include "surface/api/openapi.h"
#include "surface/cli/bench.h"
#include "surface/cli/chat.h"
#include "surface/cli/dialects_page.h"
#include "surface/cli/exit_status.h"
#include "surface/cli/ledger_tail.h"
#include "surface/cli/targets.h"

namespace signalbox::app {

void AddChat(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<cli::ChatArguments>();
  CLI::App* chat = app.add_subcommand("chat", "Ask a running Signalbox");
  AddServer(*chat, arguments->server);
  AddModel(*chat, arguments->model);
  chat->add_option("--dialect", arguments->dialect, "The API that is used")
      ->check(CLI::IsMember(cli::SpokenDialects()))
      ->capture_default_str();
  chat->add_option("-s,--system", arguments->system, "System prompt");
  chat->add_flag("--json", arguments->json, "One JSON object when the answer is complete");
  chat->add_option("prompt", arguments->prompt, "What to ask; '-' or none reads standard input");
  chat->callback([arguments, &status] { status = cli::Chat(*arguments); });
}

void AddBench(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<cli::BenchArguments>();
  CLI::App* bench = app.add_subcommand("bench", "Measure a running Signalbox from here");
  AddServer(*bench, arguments->server);
  AddModel(*bench, arguments->model);
  bench->add_option("-n,--requests", arguments->requests, "Requests in all")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  bench->add_option("-j,--concurrency", arguments->concurrency, "Requests at once")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  bench->add_flag("--json", arguments->json, "One JSON object");
  bench->callback([arguments, &status] { status = cli::Bench(*arguments); });
}

void AddLedger(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<cli::LedgerTailArguments>();
  CLI::App* ledger = app.add_subcommand("ledger", "Look at what was written down about calls");
  ledger->require_subcommand(1);
  CLI::App* tail = ledger->add_subcommand("tail", "Print records, oldest first");
  tail->add_option("-d,--data", arguments->data, "Data directory")
      ->type_name("DIR")
      ->capture_default_str();
  tail->add_option("-n,--count", arguments->count, "Only the last so many");
  tail->add_flag("-f,--follow", arguments->follow, "Go on with new ones");
  tail->add_flag("--json", arguments->json, "One JSON object a line");
  tail->callback([arguments, &status] { status = cli::LedgerTail(*arguments); });
}

void AddTargets(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<cli::TargetsArguments>();
  CLI::App* targets =
      app.add_subcommand("targets", "Which providers, models and keys of a running one are well");
  AddServer(*targets, arguments->server);
  targets->add_flag("--json", arguments->json, "As JSON");
  targets->add_flag("-w,--watch", arguments->watch, "Again every second, until Ctrl-C");
  targets->callback([arguments, &status] { status = cli::ShowTargets(*arguments); });
}

void AddApi(CLI::App& app, int& status) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* page = app.add_subcommand("api", "The HTTP API, as Markdown (docs/api.md)");
  page->add_flag("--json", *json, "As OpenAPI 3.1");
  page->callback([json, &status] {
    const api::Router& routes = api::Api::AllRoutes();
    fmt::print("{}", *json ? api::OpenApiJson(routes) + "\n" : api::ApiPage(routes));
    status = cli::kDone;
  });
}

void AddDialects(CLI::App& app, int& status) {
  CLI::App* dialects = app.add_subcommand(
      "dialects", "What each API can say to each provider, as Markdown (docs/dialects.md)");
  dialects->callback([&status] {
    fmt::print("{}", cli::DialectsPage());
    status = cli::kDone;
  });
}

}  // namespace signalbox::app
