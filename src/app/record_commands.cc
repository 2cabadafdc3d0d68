// `signalbox ledger show`, `ledger reconcile`, `erase`, `keys rotate-master`.
#include <CLI/CLI.hpp>

#include "app/add_commands.h"
#include "app/command_options.h"
#include "app/master_key_command.h"
#include "surface/cli/record_calls.h"

namespace signalbox::app {
namespace {

using cli::RecordArguments;
using Shared = std::shared_ptr<RecordArguments>;

void AddRequest(CLI::App& command, const Shared& arguments) {
  command.add_option("id", arguments->id, "The request's id, as x-signalbox-request-id has it")
      ->type_name("ID")
      ->required();
  AddServer(command, arguments->server);
  command.add_flag("--json", arguments->json, "As JSON");
}

void AddShow(CLI::App& ledger, int& status) {
  const auto arguments = std::make_shared<RecordArguments>();
  CLI::App* show =
      ledger.add_subcommand("show", "What became of a request: its attempts, their cost");
  AddRequest(*show, arguments);
  show->callback([arguments, &status] { status = cli::RequestShow(*arguments); });
}

void AddReconcile(CLI::App& ledger, int& status) {
  const auto arguments = std::make_shared<RecordArguments>();
  CLI::App* command = ledger.add_subcommand(
      "reconcile", "Book how an uncertain attempt ended after all, by the vendor's bill");
  AddRequest(*command, arguments);
  command->add_option("--attempt", arguments->attempt, "Which attempt")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--outcome", arguments->outcome, "How it ended")
      ->required()
      ->check(CLI::IsMember({"ok", "failed", "cancelled"}));
  command->add_option("--cost", arguments->cost, "What was billed in dollars; 0: nothing")
      ->type_name("USD")
      ->required()
      ->check(CLI::NonNegativeNumber);
  command->add_option("--input-tokens", arguments->input_tokens, "Tokens sent")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--output-tokens", arguments->output_tokens, "Tokens answered")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command->callback([arguments, &status] { status = cli::RequestReconcile(*arguments); });
}

void AddErase(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<RecordArguments>();
  CLI::App* command = app.add_subcommand("erase", "Take somebody's name out of the ledger");
  command->group("Govern");
  CLI::Option* end_user = command->add_option("--end-user", arguments->end_user,
                                              "An end user, as x-signalbox-user names them");
  CLI::Option* user = command->add_option("--user", arguments->user, "A user");
  CLI::Option* key = command->add_option("--with-key", arguments->key, "A key");
  end_user->type_name("NAME")->excludes(user)->excludes(key);
  user->type_name("ID")->excludes(key);
  key->type_name("ID");
  AddServer(*command, arguments->server);
  command->add_option("--tenant", arguments->tenant, "Of that tenant, for keys of the installation")
      ->type_name("TENANT");
  command->add_flag("--json", arguments->json, "Each turn's answer as JSON");
  command->callback([arguments, &status] { status = cli::Erase(*arguments); });
}

void AddRotate(CLI::App& keys, int& status) {
  const auto arguments = std::make_shared<ConfigArguments>();
  CLI::App* command = keys.add_subcommand(
      "rotate-master", "Make a new master key, and wrap the data keys by it; on this machine");
  AddConfigOptions(*command, *arguments);
  command->callback([arguments, &status] { status = RotateMasterKey(arguments->ToRequest()); });
}

}  // namespace

void AddRecords(CLI::App& app, int& status) {
  CLI::App& ledger = *app.get_subcommand("ledger");
  AddShow(ledger, status);
  AddReconcile(ledger, status);
  AddErase(app, status);
  AddRotate(*app.get_subcommand("keys"), status);
}

}  // namespace signalbox::app
