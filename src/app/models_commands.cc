#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "app/models_command.h"
#include "app/models_refresh.h"
#include "surface/cli/model_trial.h"

namespace signalbox::app {
namespace {

struct Arguments : ConfigArguments {
  std::string name;
  bool json = false;
  ListArguments list;
  RefreshArguments refresh;
  cli::TrialArguments trial;
};
using Shared = std::shared_ptr<Arguments>;

void AddList(CLI::App& models, const Shared& arguments, int& status) {
  CLI::App* list = models.add_subcommand("list", "Which models can be asked for, and their prices");
  AddConfigOptions(*list, *arguments);
  list->add_option("--provider", arguments->list.provider, "Only this provider's")
      ->type_name("PROVIDER");
  list->add_option("--capability", arguments->list.capabilities,
                   "Only those that can do this: tools, vision, json, reasoning, cache, ...")
      ->type_name("WORD")
      ->delimiter(',')
      ->allow_extra_args(false);
  list->add_flag("--all", arguments->list.all, "The whole catalogue, whoever has a key for it");
  list->add_flag("--json", arguments->list.json, "As JSON");
  list->add_option("filter", arguments->list.filter, "A part of the name, or a pattern with *");
  list->callback(
      [arguments, &status] { status = ModelsList(arguments->ToRequest(), arguments->list); });
}

void AddShow(CLI::App& models, const Shared& arguments, int& status) {
  CLI::App* show = models.add_subcommand("show", "Everything about one model or alias");
  AddConfigOptions(*show, *arguments);
  show->add_flag("--json", arguments->json, "As JSON");
  show->add_option("model", arguments->name,
                   "Its name: an alias, provider/model, or the model's own")
      ->type_name("MODEL")
      ->required();
  show->callback([arguments, &status] {
    status = ModelsShow(arguments->ToRequest(), arguments->name, arguments->json);
  });
}

void AddTest(CLI::App& models, const Shared& arguments, int& status) {
  CLI::App* test =
      models.add_subcommand("test", "Ask each model of a running Signalbox something tiny");
  AddServer(*test, arguments->trial.server);
  test->add_option("-j,--parallel", arguments->trial.parallel, "Requests at once")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  test->add_option("--timeout", arguments->trial.seconds, "Seconds for each")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  test->add_flag("--json", arguments->trial.json, "As JSON");
  test->add_option("models", arguments->trial.models, "Which; none: all that it lists, but sim's")
      ->type_name("MODEL");
  test->callback([arguments, &status] { status = cli::TryModels(arguments->trial); });
}

void AddRefresh(CLI::App& models, const Shared& arguments, int& status) {
  CLI::App* refresh =
      models.add_subcommand("refresh", "Take prices and capabilities over from a list");
  AddConfigOptions(*refresh, *arguments);
  refresh
      ->add_option("--from", arguments->refresh.from,
                   "LiteLLM's model_prices_and_context_window.json, or rows as the catalogue "
                   "has them; '-' reads standard input")
      ->type_name("FILE|URL")
      ->required();
  refresh
      ->add_option("--day", arguments->refresh.day,
                   "Since when changed prices hold, such as 2026-08-01; today when absent")
      ->type_name("DAY");
  refresh->add_flag("--dry-run", arguments->refresh.dry_run,
                    "Say what would change, write nothing");
  refresh->callback(
      [arguments, &status] { status = ModelsRefresh(arguments->ToRequest(), arguments->refresh); });
}

}  // namespace

void AddModels(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* models = app.add_subcommand("models", "Look at models and their prices, and try them");
  models->require_subcommand(1);
  AddList(*models, arguments, status);
  AddShow(*models, arguments, status);
  AddTest(*models, arguments, status);
  AddRefresh(*models, arguments, status);
}

}  // namespace signalbox::app
